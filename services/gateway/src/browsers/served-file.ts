import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { namesETag } from "@orrery/common/http/download/etag";
import type { FastifyReply, FastifyRequest } from "fastify";

const compress = promisify(gzip);

const GZIP = /(^|[\s,])gzip(?!\s*;\s*q=0(\.0+)?\s*(,|$))/;

/** Bytes that never change while the process lives: read once, compressed once. */
export class ServedFile {
  readonly #type: string;
  readonly #bytes: Buffer;
  /** Of the content, whatever its encoding: compared weakly. */
  readonly #etag: string;
  #compressed: Promise<Buffer> | undefined;

  constructor(type: string, bytes: Buffer) {
    this.#type = type;
    this.#bytes = bytes;
    this.#etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  }

  /** The file, or 304 to who has it. @see RFC 9110, sections 8.8 and 13.1.2 */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<FastifyReply> {
    void reply.headers({
      ...headers,
      etag: `W/${this.#etag}`,
      "cache-control": "public, no-cache",
      vary: "accept-encoding",
      "x-content-type-options": "nosniff",
    });
    if (namesETag(request.headers["if-none-match"], this.#etag)) return reply.code(304).send();
    void reply.type(this.#type);
    if (!GZIP.test(request.headers["accept-encoding"] ?? "")) return reply.send(this.#bytes);
    this.#compressed ??= compress(this.#bytes);
    return reply.header("content-encoding", "gzip").send(await this.#compressed);
  }
}
