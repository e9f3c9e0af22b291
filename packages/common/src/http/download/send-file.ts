import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ProblemError } from "../../contracts/errors.ts";
import { readRange } from "./byte-range.ts";
import { namesETag } from "./etag.ts";
import { freeMemory } from "./free-memory.ts";

/** A file as it is to be sent. */
export interface SentFile {
  /** Strong: the same tag, the same bytes. With its quotes. */
  readonly etag: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Further headers of the file. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The bytes, both ends of a range included; asked for at most once, and not for HEAD or 304. Each
   * piece is the reader's, who takes its memory back.
   */
  read(range: { readonly first: number; readonly last: number } | undefined): Promise<Readable>;
}

/**
 * Streams a file, or the part that `Range` names; 304 to who has it.
 * @throws {ProblemError} range_not_satisfiable; and what `read` throws
 * @see RFC 9110, sections 13 and 14
 */
export async function sendFile(
  request: Pick<FastifyRequest, "headers" | "method" | "log">,
  reply: FastifyReply,
  file: SentFile,
): Promise<FastifyReply> {
  const { etag, bytes } = file;
  const known = { etag, "cache-control": file.cacheControl };
  if (namesETag(request.headers["if-none-match"], etag)) {
    return reply.code(304).headers(known).send();
  }
  const range = readRange(request.headers, etag, bytes);
  if (range.kind === "unsatisfiable") throw notSatisfiable(bytes);
  const part = range.kind === "part" ? range : undefined;
  // Before the headers of the file, which an error must not have.
  const content = request.method === "HEAD" ? undefined : await file.read(part);
  void reply
    .code(part === undefined ? 200 : 206)
    .type(file.contentType)
    .headers({
      ...file.headers,
      ...known,
      "accept-ranges": "bytes",
      "content-length": part === undefined ? bytes : part.last - part.first + 1,
      "x-content-type-options": "nosniff",
      ...(part && { "content-range": `bytes ${part.first}-${part.last}/${bytes}` }),
    });
  // Without a length of its own, so that the file's stays.
  if (content === undefined) return reply.send(Readable.from([]));
  await streamContent(request, reply, content);
  return reply;
}

/** Sends piece by piece, and keeps none of them: a stream of Fastify's leaves each to the collector. */
async function streamContent(
  request: Pick<FastifyRequest, "log">,
  reply: FastifyReply,
  content: Readable,
): Promise<void> {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  const onClose = () => content.destroy();
  raw.once("close", onClose);
  try {
    for await (const piece of content as AsyncIterable<Uint8Array>) {
      await write(raw, piece);
      freeMemory(piece);
    }
    raw.end();
  } catch (error) {
    // Half a file must not look like a whole one.
    if (!raw.closed) request.log.error({ err: error }, "a file broke off");
    raw.destroy();
  } finally {
    raw.off("close", onClose);
  }
}

/** Resolves when the piece is on its way. */
function write(raw: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    raw.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

function notSatisfiable(bytes: number): ProblemError {
  return new ProblemError("range_not_satisfiable", `The file has ${bytes} bytes.`, {
    headers: { "content-range": `bytes */${bytes}` },
  });
}
