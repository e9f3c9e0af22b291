import type { FastifyReply, FastifyRequest } from "fastify";
import { ProblemError } from "../../contracts/errors.ts";
import { outsideRequest } from "../../observability/database/query-tally.ts";
import { ClaimRefused } from "../../repositories/idempotency/claim-refused.ts";
import type {
  IdempotencyStore,
  KeyedRequest,
  RefusedClaim,
  StoredAnswer,
} from "../../repositories/idempotency/idempotency-store.ts";
import { endOfRequest } from "./end-of-request.ts";
import type { EffectKind } from "./idempotency-rule.ts";
import { IdempotentRequest, LEASE_MS } from "./idempotent-request.ts";
import { replay } from "./replay.ts";
import { TwinPatience, TwinWaits } from "./twin-waits.ts";

/** A request with a key, and how its route wants it treated. */
export interface Admission {
  readonly keyed: KeyedRequest;
  readonly effect: EffectKind;
  readonly waitMs: number;
}

/** Lets one request of each key through to its handler, and answers the others. */
export class IdempotencyGate {
  readonly #store: IdempotencyStore;
  readonly #waits = new TwinWaits();

  constructor(store: IdempotencyStore) {
    this.#store = store;
  }

  /**
   * Runs the handler, or sends what was answered before.
   * @throws {ProblemError} idempotency_key_reused, idempotency_in_progress, secret_already_shown
   */
  async pass(
    request: FastifyRequest,
    reply: FastifyReply,
    { keyed, effect, waitMs }: Admission,
    handle: () => unknown,
  ): Promise<unknown> {
    const isJoined = effect === "transaction" && this.#store.join !== undefined;
    const onError = (error: unknown) =>
      request.log.warn({ err: error }, "an idempotency claim could not be prolonged");
    const own = new IdempotentRequest({ store: this.#store, keyed, effect, isJoined, onError });
    request.idempotency = own;
    const patience = new TwinPatience(waitMs);
    if (isJoined) return this.#workJoined(keyed, patience, reply, handle);
    const answer = await this.#claim(own, patience);
    return answer === undefined ? handle() : replay(reply, answer);
  }

  /** Ends the claim of a request that is about to be answered: the answer is true, whatever happens. */
  async finish(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
    const own = request.idempotency;
    if (own?.isHolding !== true) return;
    const claim = own.release();
    try {
      const end = claim && endOfRequest(own, claim, reply, payload);
      if (claim === undefined || end === undefined) return;
      const isDone =
        typeof end === "string"
          ? await this.#store.end(claim, end)
          : await this.#store.answer(claim, end);
      if (!isDone)
        request.log.warn("an idempotency claim was lost before its request was answered");
    } catch (error) {
      request.log.warn({ err: error }, "the end of an idempotency claim could not be stored");
    } finally {
      if (own.isAlone) this.#waits.end(own.keyed.token);
    }
  }

  /** Whoever waits is told to come again. */
  close(): void {
    this.#waits.close();
  }

  /** Gets the claim, or the answer that makes it needless. */
  async #claim(own: IdempotentRequest, patience: TwinPatience): Promise<StoredAnswer | undefined> {
    const { token } = own.keyed;
    for (let look = once; ; look = outsideRequest) {
      if (!own.isAlone || this.#waits.tryBegin(token)) {
        try {
          const outcome = await look(() =>
            this.#store.claim(own.keyed, own.isAlone ? LEASE_MS : undefined),
          );
          if (outcome.outcome === "claimed") {
            own.hold(outcome.claim);
            return undefined;
          }
          const answer = answerOf(outcome);
          if (answer !== undefined) return answer;
        } finally {
          if (own.isAlone && !own.isHolding) this.#waits.end(token);
        }
      }
      await this.#waits.pause(token, patience);
    }
  }

  /** Works under a claim inside the effect's own transaction; again when a twin's was in the way. */
  async #workJoined(
    { token }: KeyedRequest,
    patience: TwinPatience,
    reply: FastifyReply,
    handle: () => unknown,
  ): Promise<unknown> {
    for (let look = once; ; look = outsideRequest) {
      if (this.#waits.tryBegin(token)) {
        try {
          return await look(handle);
        } catch (error) {
          if (!(error instanceof ClaimRefused)) throw error;
          const answer = answerOf(error.refusal);
          if (answer !== undefined) return await replay(reply, answer);
        } finally {
          this.#waits.end(token);
        }
      }
      await this.#waits.pause(token, patience);
    }
  }
}

/** The first look for a twin counts with the request's queries; those while it waits for nobody. */
function once<Result>(look: () => Result): Result {
  return look();
}

/**
 * The answer that is there already; undefined while a twin is worked on.
 * @throws {ProblemError} idempotency_key_reused
 */
function answerOf(refusal: RefusedClaim): StoredAnswer | undefined {
  if (refusal.outcome === "answered") return refusal.answer;
  if (refusal.outcome === "in_progress") return undefined;
  throw new ProblemError(
    "idempotency_key_reused",
    "This Idempotency-Key was used for another request; use a new one for a new request.",
  );
}
