/**
 * A failure that the person at the keyboard can do something about: `message` says what is wrong,
 * `advice` what to do. It is printed as two lines, never as a stack.
 */
export class StackFailure extends Error {
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StackFailure";
    this.advice = advice;
  }
}

/** The text that is shown for whatever was thrown: message and advice, or the bare message. */
export function describeFailure(error: unknown): string {
  if (error instanceof StackFailure) {
    return `${error.message}\n  → ${error.advice}`;
  }
  return errorMessage(error);
}

/** The message of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node or Postgres error, when it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error === "object" && error !== null && "code" in error) {
    return typeof error.code === "string" ? error.code : undefined;
  }
  return undefined;
}
