/** When a server is left alone, and for how long. */
export interface BreakerPolicy {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  /** How long it stays open before one call may try again. */
  readonly openMs: number;
}

export const DEFAULT_BREAKER_POLICY: BreakerPolicy = { failures: 3, openMs: 5_000 };

/** The state of one server's breaker. */
export interface Breaker {
  readonly failures: number;
  /** Open until then; 0 while closed. */
  readonly openUntilMs: number;
  /** A call is trying whether the server is back. */
  readonly isProbing: boolean;
}

export const CLOSED: Breaker = { failures: 0, openUntilMs: 0, isProbing: false };

/** Whether a call may go to the server: closed, or open for long enough and nobody trying. */
export function mayCall(breaker: Breaker, nowMs: number): boolean {
  return breaker.openUntilMs === 0 || (nowMs >= breaker.openUntilMs && !breaker.isProbing);
}

/** A call begins; past the open time it is the one that tries. */
export function onCall(breaker: Breaker): Breaker {
  return breaker.openUntilMs === 0 ? breaker : { ...breaker, isProbing: true };
}

/** The server answered: closed, whatever was. */
export function onAnswer(): Breaker {
  return CLOSED;
}

/** No answer: open after so many in a row, and again after a failed try. */
export function onFailure(policy: BreakerPolicy, breaker: Breaker, nowMs: number): Breaker {
  const failures = breaker.failures + 1;
  const isOpen = breaker.openUntilMs !== 0 || failures >= policy.failures;
  return { failures, openUntilMs: isOpen ? nowMs + policy.openMs : 0, isProbing: false };
}
