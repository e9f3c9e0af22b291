import type { FastifyReply, FastifyRequest } from "fastify";
import { namesETag } from "../http/download/etag.ts";
import type { CacheResult } from "./cache.ts";
import type { CachedValue } from "./cached-value.ts";

/** Whoever keeps a copy asks again before using it: a write must be in the next read. */
const CACHE_CONTROL = "private, no-cache";

/** Sends a cached answer, or 304 to one who has it. @see RFC 9110, section 13.1.2 */
export function sendCached(
  request: FastifyRequest,
  reply: FastifyReply,
  { value, result }: { value: CachedValue; result: CacheResult },
): FastifyReply {
  reply.header("etag", value.etag).header("cache-control", CACHE_CONTROL).header("x-cache", result);
  if (namesETag(request.headers["if-none-match"], value.etag)) return reply.code(304).send();
  return reply.code(200).type("application/json; charset=utf-8").send(value.body);
}
