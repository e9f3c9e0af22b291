import type { StatementShape } from "./statement-shape.ts";

/** How a transaction ended; `unknown`: the connection broke while it was committed. */
export type TransactionOutcome = "committed" | "rolled_back" | "unknown";

export const CONNECTION_FAULTS = [
  "acquire_timeout",
  "connect_timeout",
  "refused",
  "too_many",
  "login",
  "broken",
  "other",
] as const;

/** Why there was no connection, or one was lost. */
export type ConnectionFault = (typeof CONNECTION_FAULTS)[number];

/** Counts of a pool's connections. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What the driver of one pool tells. Every call is synchronous, cheap and never throws. */
export interface DriverObserver {
  /** The pool was opened; `size`: its connections at most. */
  opened(pool: PoolCounts, size: number): void;
  /** The pool is closed. */
  closed(pool: PoolCounts): void;
  /** A statement is sent on behalf of whoever is current. */
  sent(text: string): StatementShape;
  /** It ended, well or not, after so many milliseconds; streams are not timed. */
  ended(shape: StatementShape, elapsedMs: number): void;
  transactionEnded(outcome: TransactionOutcome): void;
  /** Somebody got a connection after waiting so long. */
  acquired(elapsedMs: number): void;
  failed(fault: ConnectionFault): void;
}
