import type { Effect } from "./effect.ts";

/** A request with a key. */
export interface KeyedRequest {
  readonly tenantId: string;
  /** See `idempotencyToken`. */
  readonly token: string;
  /** SHA-256 of what is asked for: another request under the same key has another one. */
  readonly fingerprint: Uint8Array;
}

/**
 * The right to answer a keyed request. Its epoch is a fencing token: whoever claims the key later has
 * another, and then nothing can be stored under this one.
 */
export interface Claim {
  readonly tenantId: string;
  readonly token: string;
  readonly epoch: bigint;
  /**
   * A UUID that is the same for every claim of this request while its key is kept. What an effect of
   * several transactions inserts under it, a repeat after a crash finds.
   */
  readonly effectId: string;
  /** Whether this request had the key before: what became of it then is not known. */
  readonly isRepeat: boolean;
}

/** What a request was answered. */
export interface StoredAnswer {
  /** 200 … 299. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent; with `isSecret`, JSON of what may be told of it again. */
  readonly body: string;
  /** The answer held a secret that is shown once: it is not in here, and nothing is replayed. */
  readonly isSecret: boolean;
}

export type ClaimOutcome =
  | { readonly outcome: "claimed"; readonly claim: Claim }
  /** The same request was answered before. */
  | { readonly outcome: "answered"; readonly answer: StoredAnswer }
  /** The same request is being worked on; `freeInMs`: when the lease ends that is known of. */
  | { readonly outcome: "in_progress"; readonly freeInMs: number }
  /** The key is kept for another request. */
  | { readonly outcome: "reused" };

export type RefusedClaim = Exclude<ClaimOutcome, { outcome: "claimed" }>;

/** How a claim ends that stores no answer. */
export type ClaimEnd =
  /** The key stays with its request, which may be claimed again at once: its outcome is not final. */
  | "bound"
  /** Nothing is kept: the key is free for any request. */
  | "forgotten";

/** How long keys and answers are kept. */
export const KEPT_MS = 86_400_000;

/** Idempotency keys: who works on a request, and what it was answered. */
export interface IdempotencyStore {
  /**
   * Claims the key of a request, for `leaseMs` (1 … 3,600,000) by the store's clock unless it is
   * prolonged. A claim whose lease is over can be taken over by the same request; of two that do, one
   * gets it. Without `leaseMs` the key is bound to the request at once, and every repeat gets a claim.
   * @throws {ProblemError} service_unavailable
   */
  claim(request: KeyedRequest, leaseMs?: number): Promise<ClaimOutcome>;

  /** Leases the claim for another `leaseMs` from now; false when it was lost or is leased no more. */
  prolong(claim: Claim, leaseMs: number): Promise<boolean>;

  /** Ends the claim with an answer; false, and nothing stored, when it was lost or answered before. */
  answer(claim: Claim, answer: StoredAnswer): Promise<boolean>;

  /** Ends the claim without one; false, and nothing changed, when it was lost or answered before. */
  end(claim: Claim, end: ClaimEnd): Promise<boolean>;

  /**
   * Makes the claim, unless one is given, and the answer part of an effect's own transaction. Absent
   * where there are no transactions: `claim` and `answer` take its place.
   */
  join?<Value>(options: JoinOptions<Value>): Effect<Value>;

  /** How many keys are no longer kept and nobody works on; counts up to `limit`. */
  countExpired(limit: number): Promise<number>;

  /** Deletes up to `limit` of them, the oldest first; gives how many. Never waits for others who do. */
  deleteExpired(limit: number): Promise<number>;
}

export interface JoinOptions<Value> {
  readonly request: KeyedRequest;
  /** Held already. */
  readonly claim: Claim | undefined;
  /** Undefined: no answer is stored, and the key is bound to its request. */
  readonly answerOf: (value: Value) => StoredAnswer | undefined;
}
