/** A failure to show as two lines, what is wrong and what to do, never as a stack. */
export class SetupFailure extends Error {
  constructor(message, advice, output = "") {
    super(message);
    this.advice = advice;
    this.output = output;
  }
}

export function showFailure(error) {
  if (!(error instanceof SetupFailure)) {
    console.error(`orrery: ${error instanceof Error ? error.message : error}`);
    return;
  }
  if (error.output !== "") console.error(error.output.replace(/^/gm, "  | "));
  console.error(`orrery: ${error.message}`);
  console.error(`  → ${error.advice}`);
}
