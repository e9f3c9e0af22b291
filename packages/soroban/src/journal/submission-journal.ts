import type { Attempt, AttemptHash, AttemptRecord, PreparedAttempt } from "../intent/attempt.ts";
import type { SubmissionFailure } from "../intent/failure.ts";
import type { Confirmation, Resolution } from "../intent/resolution.ts";
import type { ActiveState, IntentState, SubmissionIntent } from "../intent/submission-intent.ts";
import type { ChannelJournal, ChannelLease, ChannelRelease } from "./channel-journal.ts";

/**
 * What a worker holds while it works on one submission: the compare-and-set of every transition.
 * It names the state and the attempt that the worker saw and the epoch of its lease, so that a
 * worker whose lease went to another can change nothing.
 */
export interface LeaseToken {
  readonly tenantId: string;
  /**
   * The intents that ride in the submission, in order of arrival: at most 50, all of one vault. With
   * some left out, a transition to a terminal state or `release` is about the named ones alone (from
   * `received` and `dead`, where no attempt is open).
   */
  readonly intentIds: readonly string[];
  readonly state: ActiveState;
  readonly attemptId: string | null;
  readonly epoch: bigint;
}

/** One intent of a submission, with what counts for it alone. */
export interface Rider extends SubmissionIntent {
  /** Attempts that failed on chain and were taken up again since the last (re-)arming. */
  readonly retryCount: number;
  /** When it was accepted, or last re-armed: its place in the order, and what expiry counts from. */
  readonly armedAtMs: number;
}

/** A submission under lease, with everything that is needed to go on from where it stands. */
export interface LeasedSubmission extends LeaseToken {
  readonly intents: readonly Rider[];
  /** The attempt that `prepared`, `sent` and `dead` are about. */
  readonly attempt?: Attempt;
}

/** What `leaseDue` may hand out. */
export interface LeaseRequest {
  /** The worker, for operators who look at the table. */
  readonly owner: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
  /** At most this many submissions that have not been attempted (state `received`). */
  readonly newLimit: number;
  /** At most this many that another worker left in another state. */
  readonly resumeLimit: number;
  /** At most this many intents of one vault ride in a new submission: 1 … 50; 1 when left out. */
  readonly batchLimit?: number;
  /** Where the round of tenants goes on: the tenant that was served last. */
  readonly afterTenantId?: string;
}

/** The end of an engine's work on an attempt, whichever it is. */
export type Outcome =
  | { readonly state: "confirmed"; readonly confirmation: Confirmation }
  | {
      readonly state: "failed" | "refused" | "unknown";
      readonly failure: SubmissionFailure;
      readonly txHash?: string;
      readonly ledger?: number;
    };

/** An intent with its story, oldest attempt first. */
export interface IntentRecord {
  readonly intent: SubmissionIntent;
  readonly state: IntentState;
  readonly attempts: readonly AttemptRecord[];
  /** Present in a terminal state. */
  readonly resolution?: Resolution;
}

export interface JournalCounts {
  /** Intents by state; terminal states other than `unknown` are not counted. */
  readonly pending: Readonly<Record<ActiveState, number>>;
  readonly unknown: number;
  readonly oldestPendingAtMs?: number;
  readonly channels: Readonly<
    Record<"absent" | "ready" | "leased" | "bound" | "quarantined", number>
  >;
}

/** Told of every terminal transition, inside its transaction where the store has one. */
export type ResolutionHook<Transaction> = (
  transaction: Transaction,
  resolutions: readonly Resolution[],
) => Promise<void> | void;

/**
 * The durable memory of the engine. Every method is one transaction; none makes a network call.
 * A transition resolves to false when the compare-and-set found another state, attempt or epoch:
 * nothing was changed then and the caller has lost its lease.
 */
export interface SubmissionJournal extends ChannelJournal {
  /**
   * Stores intents as `received`, due at once. An intent whose (tenant, intentId) is there already
   * is left as it is.
   * @throws {Error} when the tenant has another intent with the same marker: the same charge twice
   */
  insertIntents(intents: readonly SubmissionIntent[]): Promise<void>;

  /**
   * Takes `refused` or `failed` back to `received`, due after a back-off that is counted from the
   * end of the last attempt. False when the intent is in any other state.
   */
  rearm(tenantId: string, intentId: string, nowMs: number): Promise<boolean>;

  /** The intent and its attempts. Undefined when this tenant has no such intent. */
  findIntent(tenantId: string, intentId: string): Promise<IntentRecord | undefined>;

  /**
   * Leases what is due and not leased, a submission of each tenant in turn, the vault that has waited
   * longest first within a tenant. A new submission takes the vault's due intents in order of
   * arrival. A vault with a submission under way, in any worker's hands, gets no second one: two in
   * one ledger are applied in any order, and the second was simulated before the first.
   */
  leaseDue(request: LeaseRequest): Promise<LeasedSubmission[]>;

  /** Prolongs leases; resolves to the epochs that are still the caller's. */
  renew(tokens: readonly LeaseToken[], leaseUntilMs: number): Promise<ReadonlySet<bigint>>;

  /** Hands a lease back; the submission is due again at `dueAtMs`. */
  release(token: LeaseToken, dueAtMs: number): Promise<boolean>;

  /**
   * What the journal holds now, for a caller that does not know whether its last transition was
   * committed: the intents that are still under its lease. Undefined when there are none, because
   * the lease went to another or they are resolved.
   */
  reread(token: LeaseToken): Promise<LeasedSubmission | undefined>;

  /**
   * received | dead → prepared: binds the channel to the submission. The channel must be under the
   * caller's lease, or (from `dead`) bound to this submission already; `abandoned` is the channel
   * that a dead attempt leaves behind because its sequence went to a stranger.
   */
  prepare(
    token: LeaseToken,
    attempt: PreparedAttempt,
    channel: ChannelLease | "bound",
    abandoned?: ChannelRelease,
  ): Promise<boolean>;

  /** prepared → sent. */
  markSent(token: LeaseToken, sentAtMs: number): Promise<boolean>;

  /** prepared | sent → dead: proven never to be applied. The channel stays bound. */
  markDead(
    token: LeaseToken,
    death: { readonly atMs: number; readonly ledger: number; readonly failure?: SubmissionFailure },
  ): Promise<boolean>;

  /**
   * prepared | sent → received: failed on chain for a reason that a new attempt may cure. Its
   * sequence is used up and the channel released.
   */
  retryFailed(
    token: LeaseToken,
    end: {
      readonly atMs: number;
      readonly ledger: number;
      readonly failure: SubmissionFailure;
      readonly dueAtMs: number;
    },
    channel: ChannelRelease,
  ): Promise<boolean>;

  /**
   * prepared | sent, and stays so: adds signed bytes with the same inner transaction (a fee bump),
   * before they may be sent.
   */
  addHash(token: LeaseToken, hash: AttemptHash): Promise<boolean>;

  /**
   * prepared | sent → received: an attempt that was to restore archived entries has been applied.
   * Its sequence is used up and the channel released; the intents are due at once.
   */
  markRestored(
    token: LeaseToken,
    end: { readonly atMs: number; readonly ledger: number },
    channel: ChannelRelease,
  ): Promise<boolean>;

  /**
   * Any active state → a terminal one; releases the channel and runs the resolution hook in the
   * same transaction. `recordId`: the history line's id when no attempt is open (none was made, or
   * the last one is dead).
   */
  resolve(
    token: LeaseToken,
    outcome: Outcome,
    end: { readonly atMs: number; readonly recordId: string },
    channel?: ChannelRelease,
  ): Promise<boolean>;

  counts(): Promise<JournalCounts>;
}

/** The most intents that one transaction carries: the contract's own bound. */
export const MAX_BATCH = 50;

/** The token for some of a submission's intents. */
export function tokenFor(token: LeaseToken, intentIds: readonly string[]): LeaseToken {
  return { ...token, intentIds };
}

/** Whether the end of this submission is the end of an attempt, rather than a line of its own. */
export function hasOpenAttempt(token: LeaseToken): boolean {
  return token.state === "prepared" || token.state === "sent";
}

/** The compare-and-set part of a leased submission. */
export function tokenOf(leased: LeasedSubmission): LeaseToken {
  const { tenantId, intentIds, state, attemptId, epoch } = leased;
  return { tenantId, intentIds, state, attemptId, epoch };
}
