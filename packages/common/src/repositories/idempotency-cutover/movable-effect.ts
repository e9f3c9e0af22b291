import type { StoreCutover } from "../cutover/store-cutover.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import { ClaimRefused } from "../idempotency/claim-refused.ts";
import type { Effect } from "../idempotency/effect.ts";
import type { Claim, IdempotencyStore, JoinOptions } from "../idempotency/idempotency-store.ts";
import { type IdempotencyRecord, idempotencyKey } from "./idempotency-records.ts";

interface MovableEffectOptions<Value> {
  readonly stores: Readonly<Record<StoreSide, IdempotencyStore>>;
  readonly cutover: StoreCutover<IdempotencyRecord>;
  readonly join: JoinOptions<Value>;
}

/** How long a crash keeps a key that is claimed beside its effect. */
const LEASE_MS = 60_000;

/**
 * The effect of a keyed request whose key and rows may each be in memory or in Postgres. Where both are
 * in Postgres, claim and answer are part of the effect's transaction; elsewhere they come before and
 * after it.
 */
export class MovableEffect<Value> implements Effect<Value> {
  readonly #options: MovableEffectOptions<Value>;
  #isEnded = false;

  constructor(options: MovableEffectOptions<Value>) {
    this.#options = options;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** An effect whose place is not known is run by `runEffect` alone. */
  async open(): Promise<void> {
    throw new Error("a movable effect is run by a movable repository");
  }

  async close(): Promise<void> {
    throw new Error("a movable effect is run by a movable repository");
  }

  /** Runs the work on rows of the given side, inside of the gate. */
  async run(
    rows: StoreSide,
    work: (inner: Effect<Value> | undefined) => Promise<Value>,
  ): Promise<Value> {
    const { cutover, join } = this.#options;
    try {
      return cutover.side === "postgres" && rows === "postgres"
        ? await this.#runJoined(work)
        : await this.#runBeside(work);
    } finally {
      await cutover.copy([idempotencyKey(join.request)]);
    }
  }

  async #runJoined(work: (inner: Effect<Value> | undefined) => Promise<Value>): Promise<Value> {
    const { stores, join } = this.#options;
    const inner = stores.postgres.join?.(join);
    const value = await work(inner);
    this.#isEnded = inner?.isEnded === true;
    return value;
  }

  async #runBeside(work: (inner: undefined) => Promise<Value>): Promise<Value> {
    const { stores, cutover, join } = this.#options;
    const store = stores[cutover.side];
    const claim = join.claim ?? (await claimKey(store, join));
    let value: Value;
    try {
      value = await work(undefined);
    } catch (error) {
      if (join.claim === undefined) await store.end(claim, "forgotten");
      throw error;
    }
    const answer = join.answerOf(value);
    if (answer === undefined) await store.end(claim, "bound");
    else await store.answer(claim, answer);
    this.#isEnded = true;
    return value;
  }
}

/** Runs the work of a repository whose rows are on the given side, with the key of its request. */
export function runEffect<Value>(
  effect: Effect<Value> | undefined,
  rows: StoreSide,
  work: (inner: Effect<Value> | undefined) => Promise<Value>,
): Promise<Value> {
  return effect instanceof MovableEffect ? effect.run(rows, work) : work(effect);
}

/** @throws {ClaimRefused} when somebody else has the key */
async function claimKey<Value>(
  store: IdempotencyStore,
  { request }: JoinOptions<Value>,
): Promise<Claim> {
  const outcome = await store.claim(request, LEASE_MS);
  if (outcome.outcome === "claimed") return outcome.claim;
  throw new ClaimRefused(outcome);
}
