import { OPERATIONS, type Operation, type OperationId } from "../contracts/operations.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The row of the operations table that this route answers. */
    operation?: Operation;
  }
}

/** Method, path and configuration of an operation's route: spread it into `app.route({…})`. */
export function routeOf<Id extends OperationId>(id: Id) {
  const operation: Operation = OPERATIONS[id];
  return { method: operation.method, url: operation.path, config: { operation } } as const;
}
