import type { Effect } from "../../repositories/idempotency/effect.ts";
import type {
  Claim,
  IdempotencyStore,
  KeyedRequest,
  StoredAnswer,
} from "../../repositories/idempotency/idempotency-store.ts";
import type { EffectKind } from "./idempotency-rule.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Undefined: it came without an `Idempotency-Key`, or its route has nothing to do with one. */
    idempotency: IdempotentRequest | undefined;
  }
}

interface IdempotentRequestOptions {
  readonly store: IdempotencyStore;
  readonly keyed: KeyedRequest;
  readonly effect: EffectKind;
  /** Whether its transaction holds the claim. */
  readonly isJoined: boolean;
  /** Told when the claim could not be prolonged. */
  readonly onError: (error: unknown) => void;
}

/** How long a crash keeps a key. */
export const LEASE_MS = 5_000;
const PROLONG_EVERY_MS = LEASE_MS / 3;
/** Whoever works for longer than ten minutes is taken for dead. */
const MAX_PROLONGATIONS = 360;

/** What is known of a request with a key while it is worked on. */
export class IdempotentRequest {
  readonly keyed: KeyedRequest;
  /** Whether nobody else may work on the key meanwhile. */
  readonly isAlone: boolean;
  /** Whether a repeat is to be answered anew. */
  isFromState = false;
  /** What a repeat is told of a secret that was shown. */
  secret: Readonly<Record<string, unknown>> | undefined;
  readonly #options: IdempotentRequestOptions;
  #claim: Claim | undefined;
  #prolonging: NodeJS.Timeout | undefined;
  #effect: Pick<Effect<never>, "isEnded"> | undefined;

  constructor(options: IdempotentRequestOptions) {
    this.#options = options;
    this.keyed = options.keyed;
    this.isAlone = options.effect !== "detect";
  }

  /** See `Claim.effectId`; undefined where the effect is no matter of several steps. */
  get effectId(): string | undefined {
    return this.#options.effect === "steps" ? this.#claim?.effectId : undefined;
  }

  get isHolding(): boolean {
    return this.#claim !== undefined;
  }

  /** Keeps a claim for as long as the request is worked on. */
  hold(claim: Claim): void {
    this.#claim = claim;
    if (!this.isAlone) return;
    const { store, onError } = this.#options;
    let rounds = 0;
    this.#prolonging = setInterval(() => {
      rounds += 1;
      if (rounds > MAX_PROLONGATIONS) clearInterval(this.#prolonging);
      else store.prolong(claim, LEASE_MS).catch(onError);
    }, PROLONG_EVERY_MS);
    this.#prolonging.unref();
  }

  /** Makes the answer part of the effect's transaction; undefined where the answer follows it. */
  join<Value>(answerOf: (value: Value) => StoredAnswer | undefined): Effect<Value> | undefined {
    const { store, keyed: request, isJoined } = this.#options;
    if (!isJoined && (!this.isAlone || this.#claim === undefined)) return undefined;
    const effect = store.join?.({ request, claim: this.#claim, answerOf });
    this.#effect = effect;
    return effect;
  }

  /** Lets go of the claim; gives it unless its end was written with the effect. */
  release(): Claim | undefined {
    clearInterval(this.#prolonging);
    const claim = this.#effect?.isEnded === true ? undefined : this.#claim;
    this.#claim = undefined;
    return claim;
  }
}
