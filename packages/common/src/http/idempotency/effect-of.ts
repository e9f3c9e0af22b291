import type { FastifyReply, FastifyRequest } from "fastify";
import type { Effect } from "../../repositories/idempotency/effect.ts";
import type { StoredAnswer } from "../../repositories/idempotency/idempotency-store.ts";
import "./idempotent-request.ts";

/** What a request is answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Those that a repeat gets too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body holds a secret that is shown once: it is not stored, and a repeat is told this of it. */
  readonly secret?: Readonly<Record<string, unknown>>;
}

/**
 * What a repository needs to store the answer of a request in the transaction of its effect; undefined
 * when the request has no key. A 202 is not stored.
 */
export function effectOf<Value>(
  reply: Pick<FastifyReply, "request" | "getSerializationFunction">,
  answerOf: (value: Value) => Answer,
): Effect<Value> | undefined {
  return reply.request.idempotency?.join((value: Value) => storedOf(reply, answerOf(value)));
}

/** Sends an answer, the same that `effectOf` may have stored. */
export function sendAnswer<Reply extends AnyReply>(reply: Reply, answer: Answer): Reply {
  const { idempotency } = reply.request;
  if (idempotency !== undefined) idempotency.secret = answer.secret;
  reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .send(answer.body);
  return reply;
}

type AnyReply = Pick<FastifyReply, "request" | "code" | "headers" | "send">;

/**
 * An id for what an effect of several steps inserts: the same for every repeat of the request while its
 * key is kept. Undefined when the request has no key, or its effect is one transaction.
 */
export function effectIdOf(request: Pick<FastifyRequest, "idempotency">): string | undefined {
  return request.idempotency?.effectId;
}

/** The answer tells what is so now: it is not stored, and a repeat is answered anew. */
export function answerFromState(request: Pick<FastifyRequest, "idempotency">): void {
  if (request.idempotency !== undefined) request.idempotency.isFromState = true;
}

/** Accepted is not done: a repeat is told what has become of it. */
export const ACCEPTED = 202;

function storedOf(
  reply: Pick<FastifyReply, "getSerializationFunction">,
  { status, body, headers = {}, secret }: Answer,
): StoredAnswer | undefined {
  if (status === ACCEPTED) return undefined;
  if (secret !== undefined) return storedSecret(status, secret);
  const serialize = reply.getSerializationFunction(String(status)) ?? JSON.stringify;
  return { status, headers, body: serialize(body), isSecret: false };
}

export function storedSecret(
  status: number,
  secret: Readonly<Record<string, unknown>>,
): StoredAnswer {
  return { status, headers: {}, body: JSON.stringify(secret), isSecret: true };
}
