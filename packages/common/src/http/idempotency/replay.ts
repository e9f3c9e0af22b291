import type { FastifyReply } from "fastify";
import { ProblemError } from "../../contracts/errors.ts";
import type { StoredAnswer } from "../../repositories/idempotency/idempotency-store.ts";

const REPLAYED_HEADER = "idempotent-replayed";

/**
 * Sends a stored answer again, as it was sent first.
 * @throws {ProblemError} secret_already_shown when it was a secret that is shown once
 */
export function replay(reply: FastifyReply, answer: StoredAnswer): FastifyReply {
  if (answer.isSecret) throw secretAlreadyShown(answer);
  return reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .header(REPLAYED_HEADER, "true")
    .type("application/json; charset=utf-8")
    .serializer((body: string) => body)
    .send(answer.body);
}

function secretAlreadyShown({ body }: StoredAnswer): ProblemError {
  return new ProblemError(
    "secret_already_shown",
    "This request succeeded before, and its answer held a secret that is shown once. If it was lost, revoke what was made and make another with a new Idempotency-Key.",
    { extensions: JSON.parse(body) as Record<string, unknown> },
  );
}
