import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { ProblemError } from "@orrery/common/contracts/errors";
import { MAX_MEDIA_BYTES } from "@orrery/common/contracts/operations";
import { originOf } from "@orrery/common/http/download/link-origin";
import { sendFile } from "@orrery/common/http/download/send-file";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import {
  MediaLinkParams,
  MediaLinkQuery,
  MediaReply,
  MediaUrlQuery,
  MediaUrlReply,
  PutMediaQuery,
  TokenMediaParams,
} from "./media.schemas.ts";
import { cacheControlOf } from "./media-caching.ts";
import type { MediaService } from "./media-service.ts";

export interface MediaRoutesOptions {
  readonly media: MediaService;
  /** Where consumers reach the gateway; undefined: as their request says. */
  readonly publicUrl: string | undefined;
}

/**
 * What tenants put is shown to strangers from our own origin: it is never run there. Players of any
 * site may fetch it: the link is the credential.
 */
const CONTAINED = {
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "cross-origin",
  "access-control-allow-origin": "*",
} as const;

/** A type and subtype with parameters. @see RFC 9110, section 8.3.1 */
const CONTENT_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+[\t !-~]*$/;
const MAX_CONTENT_TYPE_CHARACTERS = 255;

export function registerMediaRoutes(
  app: ServiceApp,
  { media, publicUrl }: MediaRoutesOptions,
): void {
  app.register(async (uploads: ServiceApp) => registerUpload(uploads, media));

  app.route({
    ...routeOf("getMediaUrl"),
    schema: {
      params: TokenMediaParams,
      querystring: MediaUrlQuery,
      response: { 200: MediaUrlReply },
    },
    handler: async (request, reply) => {
      const { path, directory } = request.query;
      const place = { tenantId: request.context.tenantId, address: request.params.address, path };
      const { url, expiresAt, via } = await media.urlOf(
        place,
        directory,
        originOf(request, publicUrl),
      );
      // A signed link is a credential.
      void reply.header("cache-control", "no-store");
      return { url, expiresAt: expiresAt.toISOString(), via };
    },
  });

  app.route({
    ...routeOf("getMedia"),
    schema: { params: MediaLinkParams, querystring: MediaLinkQuery },
    handler: async (request, reply) => {
      const { tenantId, address, "*": path } = request.params;
      const opened = await media.open({ tenantId, address, path }, request.query);
      const { file } = opened;
      return sendFile(request, reply, {
        etag: `"${file.sha256}"`,
        bytes: file.bytes,
        contentType: file.contentType,
        cacheControl: cacheControlOf(file.path),
        headers: CONTAINED,
        read: (range) => media.read(opened, range),
      });
    },
  });
}

/** Takes bodies of any type, unread: they go to the store as they come. */
function registerUpload(app: ServiceApp, media: MediaService): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.route({
    ...routeOf("putMedia"),
    schema: {
      params: TokenMediaParams,
      querystring: PutMediaQuery,
      response: { 200: MediaReply, 201: MediaReply },
    },
    handler: async (request, reply) => {
      const place = {
        tenantId: request.context.tenantId,
        address: request.params.address,
        path: request.query.path,
      };
      const { file, isNew } = await media.put(place, contentTypeOf(request), contentOf(request));
      const { path, contentType, bytes, sha256, updatedAt } = file;
      return reply
        .code(isNew ? 201 : 200)
        .send({ path, contentType, bytes, sha256, updatedAt: updatedAt.toISOString() });
    },
  });
}

interface Upload {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** @throws {ProblemError} unsupported_media_type, for what is no type */
function contentTypeOf({ headers }: Upload): string {
  const type = headers["content-type"]?.trim() ?? "application/octet-stream";
  if (type.length <= MAX_CONTENT_TYPE_CHARACTERS && CONTENT_TYPE.test(type)) return type;
  throw new ProblemError("unsupported_media_type", "Content-Type is no media type.");
}

/** The body, however much of it is read: the rest of a refused one must not end the connection. */
async function* contentOf({ headers, body: stream }: Upload): AsyncGenerator<Uint8Array> {
  const { "content-length": announced = "0" } = headers;
  if (Number(announced) > MAX_MEDIA_BYTES) {
    throw new ProblemError("payload_too_large", `A file has at most ${MAX_MEDIA_BYTES} bytes.`);
  }
  // Without a body there is no stream.
  const body = stream as Readable | null | undefined;
  if (body === null || body === undefined) return;
  try {
    yield* body.iterator({ destroyOnReturn: false });
  } finally {
    body.resume();
  }
}
