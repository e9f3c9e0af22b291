import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";

interface CorsPluginOptions {
  /** Whose pages may call; nobody's when it is empty. */
  allowedOrigins: readonly string[];
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"];
const REQUEST_HEADERS = [
  "Accept",
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-None-Match",
  "Last-Event-ID",
  "Prefer",
  "Range",
  "Traceparent",
  "X-API-Key",
  "X-Request-Id",
  "X-Tenant-ID",
];
const ANSWER_HEADERS = [
  "Content-Disposition",
  "Content-Range",
  "Deprecation",
  "ETag",
  "Idempotent-Replayed",
  "Location",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "Sunset",
  "WWW-Authenticate",
  "X-API-Version",
  "X-Cache",
  "X-Request-Id",
];
/** How long a browser need not ask again. */
const MAX_AGE_SECONDS = 600;

/**
 * Lets pages of the allowed origins call routes that are registered after it, with credentials in
 * headers; cookies are none of ours. Without origins it adds nothing.
 */
export const corsPlugin = fp<CorsPluginOptions>(
  async (app: FastifyInstance, { allowedOrigins }) => {
    if (allowedOrigins.length === 0) return;
    await app.register(cors, {
      origin: [...allowedOrigins],
      methods: METHODS,
      allowedHeaders: REQUEST_HEADERS,
      exposedHeaders: ANSWER_HEADERS,
      maxAge: MAX_AGE_SECONDS,
      // An OPTIONS that is no preflight is answered alike, instead of with a text that is no problem.
      strictPreflight: false,
    });
  },
  { name: "gateway-cors", fastify: "5.x" },
);
