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

const CONNECTION_FAILURES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "3D000", // no such database: it is being restored
  "57P01", // admin shutdown
  "57P02", // crash shutdown
  "57P03", // cannot connect now
  "53300", // too many connections
]);

/** Whether the database could not be reached, so that the outcome of a write is unknown. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined) return CONNECTION_FAILURES.has(code) || code.startsWith("08");
  // pg raises these without a code.
  return (
    message.startsWith("Connection terminated") ||
    message.startsWith("Client has encountered a connection error") ||
    message.startsWith("timeout exceeded when trying to connect")
  );
}
