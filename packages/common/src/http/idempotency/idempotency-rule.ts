/**
 * How the effect of a request comes about:
 * - `transaction`: in one transaction, which `effectOf` makes the claim and the answer part of. The
 *   handler may run again when a twin was in the way: it does nothing that counts before it.
 * - `steps`: in several, or with the network in between. The key is claimed before the handler, and the
 *   answer is stored after it, or by the last of them with `effectOf`.
 * - `detect`: another id decides what is a repeat; another request under the key is refused, nothing is
 *   stored or waited for.
 */
export type EffectKind = "transaction" | "steps" | "detect";

/** What a POST route does with an `Idempotency-Key`; part of the route's `config`. */
export interface IdempotencyRule {
  /** Refuses requests without one. */
  readonly isRequired?: boolean;
  /** `steps` when left out. */
  readonly effect?: EffectKind;
  /** How long a twin of a request in flight may wait for it; the operation's time-out, less a margin. */
  readonly waitMs?: number;
}

declare module "fastify" {
  interface FastifyContextConfig {
    idempotency?: IdempotencyRule;
    /** Set by `idempotencyPlugin` on every route that it guards. */
    honoursKeys?: boolean;
  }
}
