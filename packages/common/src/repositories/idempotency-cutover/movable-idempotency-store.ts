import type { StoreCutover } from "../cutover/store-cutover.ts";
import type { StoreGate } from "../cutover/store-gate.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import type {
  Claim,
  ClaimEnd,
  ClaimOutcome,
  IdempotencyStore,
  JoinOptions,
  KeyedRequest,
  StoredAnswer,
} from "../idempotency/idempotency-store.ts";
import { type IdempotencyRecord, idempotencyKey } from "./idempotency-records.ts";
import { MovableEffect } from "./movable-effect.ts";

export interface MovableIdempotencyOptions {
  /** Their epochs must not meet. */
  stores: Readonly<Record<StoreSide, IdempotencyStore>>;
  cutover: StoreCutover<IdempotencyRecord>;
  gate: StoreGate;
}

/**
 * Idempotency keys in memory or in Postgres, as it is switched. The side that is read from decides;
 * what it has stored is copied to the other one before the call is over, its epochs too, so that a
 * claim is good on whichever side decides when it ends.
 */
export class MovableIdempotencyStore implements IdempotencyStore {
  readonly #options: MovableIdempotencyOptions;

  constructor(options: MovableIdempotencyOptions) {
    this.#options = options;
  }

  claim(request: KeyedRequest, leaseMs?: number): Promise<ClaimOutcome> {
    return this.#change(request, (store) => store.claim(request, leaseMs));
  }

  prolong(claim: Claim, leaseMs: number): Promise<boolean> {
    return this.#change(claim, (store) => store.prolong(claim, leaseMs));
  }

  answer(claim: Claim, answer: StoredAnswer): Promise<boolean> {
    return this.#change(claim, (store) => store.answer(claim, answer));
  }

  end(claim: Claim, end: ClaimEnd): Promise<boolean> {
    return this.#change(claim, (store) => store.end(claim, end));
  }

  join<Value>(join: JoinOptions<Value>): MovableEffect<Value> {
    const { stores, cutover } = this.#options;
    return new MovableEffect({ stores, cutover, join });
  }

  countExpired(limit: number): Promise<number> {
    return this.#options.gate.run(() => this.#deciding().countExpired(limit));
  }

  /** On both sides: what is past its time is no record on either. */
  deleteExpired(limit: number): Promise<number> {
    const { stores, cutover, gate } = this.#options;
    return gate.run(async () => {
      if (cutover.isDual) await stores.memory.deleteExpired(limit);
      const decides = cutover.isDual ? stores.postgres : this.#deciding();
      return decides.deleteExpired(limit);
    });
  }

  #deciding(): IdempotencyStore {
    const { stores, cutover } = this.#options;
    return stores[cutover.side];
  }

  #change<Result>(
    named: Pick<KeyedRequest, "tenantId" | "token">,
    change: (store: IdempotencyStore) => Promise<Result>,
  ): Promise<Result> {
    const { cutover, gate } = this.#options;
    return gate.run(async () => {
      const result = await change(this.#deciding());
      await cutover.copy([idempotencyKey(named)]);
      return result;
    });
  }
}
