import { OPERATIONS, type Operation, type OperationId } from "../contracts/operations.ts";
import type { IdempotencyRule } from "./idempotency/idempotency-rule.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The row of the operations table that this route answers. */
    operation?: Operation;
  }
}

/**
 * Method, path and configuration of an operation's route: spread it into `app.route({…})`.
 * `idempotency`: what a POST does with an `Idempotency-Key` otherwise than most.
 */
export function routeOf<Id extends OperationId>(id: Id, idempotency: IdempotencyRule = {}) {
  const operation: Operation = OPERATIONS[id];
  const config = { operation, idempotency };
  return { method: operation.method, url: operation.path, config } as const;
}
