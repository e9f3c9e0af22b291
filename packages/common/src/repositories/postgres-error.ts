import { connectionFaultOf } from "./observed/connection-fault.ts";

/** What a violated constraint is called, so that adapters map names to codes, never message text. */
export function violatedConstraint(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  // Class 23: integrity constraint violation.
  return code?.startsWith("23") === true ? constraint : undefined;
}

/**
 * Whether one of a statement's rows is to blame (its data, a constraint, a policy) or who it met
 * (a deadlock): without that row, or again, the statement may pass.
 */
export function isRowFault(error: unknown): boolean {
  return /^(22|23|40|42501|44)/.test((error as { code?: string }).code ?? "");
}

/** Whether the data of a statement is to blame: given again, it fails again. */
export function isDataFault(error: unknown): boolean {
  return /^(22|23|44)/.test((error as { code?: string }).code ?? "");
}

/**
 * Whether the database could not be reached, or cannot write now, so that the outcome of a write is
 * unknown. A login that it refuses is ours to mend: trying again does not.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const fault = connectionFaultOf(error);
  return fault !== "other" && fault !== "login";
}
