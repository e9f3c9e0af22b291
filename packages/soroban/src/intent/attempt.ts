import type { SubmissionFailure } from "./failure.ts";

/** One set of signed bytes of an attempt. A fee bump adds another with the same inner transaction. */
export interface AttemptHash {
  /** Lower-case hex of the transaction hash that the network looks it up by. */
  readonly hash: string;
  readonly envelopeXdr: string;
  readonly feeStroops: bigint;
  readonly storedAtMs: number;
}

export type AttemptState =
  | "refused"
  | "prepared"
  | "sent"
  | "confirmed"
  | "failed"
  | "dead"
  | "unknown";

export type AttemptPurpose = "charge" | "restore";

/**
 * What must be on disk before the first byte of a transaction leaves the process. `hashes` holds
 * the inner transaction first; a fee bump appends.
 */
export interface PreparedAttempt {
  readonly attemptId: string;
  /** `restore`: brings archived entries back so that the charge can follow; charges nobody. */
  readonly purpose: AttemptPurpose;
  readonly channelIndex: number;
  /** The channel account, frozen with the attempt: a proof must name the account it is about. */
  readonly channelPublicKey: string;
  readonly sequence: bigint;
  readonly hashes: readonly AttemptHash[];
  /** The hashes of the attempts that this one replaces: a proof of death must cover them as well. */
  readonly replacedHashes: readonly string[];
  /** The newest ledger known when the bounds were set. */
  readonly ledgerAtBuild: number;
  /** Exclusive, as in ledgerBounds. */
  readonly maxLedger: number;
  /** Inclusive, seconds since the epoch, as in timeBounds. */
  readonly maxTimeS: number;
  readonly preparedAtMs: number;
}

/** How an attempt ended, as far as it has. */
export interface AttemptEnd {
  readonly state: AttemptState;
  readonly failure?: SubmissionFailure;
  readonly ledger?: number;
  readonly endedAtMs?: number;
}

/** An attempt that reached the network, or may have. */
export interface Attempt extends PreparedAttempt, AttemptEnd {
  readonly sentAtMs?: number;
}

/** A line of an intent's history: an attempt, or an end that was reached without a transaction. */
export type AttemptRecord = AttemptEnd & { readonly attemptId: string } & Partial<Attempt>;
