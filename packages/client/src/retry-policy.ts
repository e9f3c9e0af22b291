import { ConnectionError, OrreryError } from "./orrery-error.ts";

export interface RetryOptions {
  /** Attempts after the first; 3 unless given, 0 for none. */
  readonly maxRetries?: number;
  /** A server that asks for a longer pause is not waited for: its answer is thrown. 30 s unless given. */
  readonly maxPauseMs?: number;
}

const DEFAULT_MAX_RETRIES = 3;
const DEFAULT_MAX_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 200;
const LAST_PAUSE_MS = 5_000;

const STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** Conflicts that pass by themselves. */
const PASSING_CODES: ReadonlySet<string> = new Set(["idempotency_in_progress", "stream_busy"]);
/** What the consumer should look at before trying again. */
const DECIDED_CODES: ReadonlySet<string> = new Set(["deduction_rejected"]);

/**
 * How long to wait before the next attempt: as `Retry-After` says, else twice as long each time, at
 * random below that. Undefined: there is to be none. `retries`: attempts after the first so far.
 */
export function pauseMs(
  error: unknown,
  retries: number,
  options: RetryOptions,
  random: () => number,
): number | undefined {
  const { maxRetries = DEFAULT_MAX_RETRIES, maxPauseMs = DEFAULT_MAX_PAUSE_MS } = options;
  if (retries >= maxRetries || !mayPass(error)) return undefined;
  const asked = error instanceof OrreryError ? error.retryAfterMs : undefined;
  const pause = asked ?? random() * Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries);
  return pause > maxPauseMs ? undefined : pause;
}

function mayPass(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof OrreryError)) return false;
  const { status, code = "" } = error;
  if (DECIDED_CODES.has(code)) return false;
  return STATUSES.has(status) || PASSING_CODES.has(code);
}
