import type { FastifyReply } from "fastify";
import type {
  Claim,
  ClaimEnd,
  StoredAnswer,
} from "../../repositories/idempotency/idempotency-store.ts";
import { ACCEPTED, storedSecret } from "./effect-of.ts";
import type { IdempotentRequest } from "./idempotent-request.ts";

/** Headers that belong to the answer; all others belong to the request that it is sent for. */
const KEPT_HEADERS = ["location", "cache-control"] as const;

/**
 * What becomes of the claim of a request that was answered so; undefined: it stays as it is. A success
 * is kept. The outcome of a 202, or of what is told from the current state, is still to come, and that
 * of a 5xx is in doubt: the key stays with its request. After any other refusal nothing has happened,
 * and the key is free, unless an earlier try of the request is in doubt.
 */
export function endOfRequest(
  request: Pick<IdempotentRequest, "isAlone" | "isFromState" | "secret">,
  { isRepeat }: Pick<Claim, "isRepeat">,
  reply: Pick<FastifyReply, "statusCode" | "getHeader">,
  payload: unknown,
): StoredAnswer | ClaimEnd | undefined {
  const { isAlone, isFromState, secret } = request;
  const { statusCode: status } = reply;
  if (status >= 300 && status < 500 && !isRepeat) return "forgotten";
  if (!isAlone) return undefined;
  if (status >= 300 || status === ACCEPTED || isFromState) return "bound";
  if (secret !== undefined) return storedSecret(status, secret);
  if (typeof payload !== "string") return "bound";
  return { status, headers: keptHeaders(reply), body: payload, isSecret: false };
}

function keptHeaders(reply: Pick<FastifyReply, "getHeader">): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}
