import { createHmac, timingSafeEqual } from "node:crypto";
import { type Static, Type } from "typebox";
import { type Clock, systemClock } from "../contracts/clock.ts";
import type { Audience, RequestContext } from "../contracts/request-context.ts";
import { compileCheck } from "../contracts/schema-check.ts";
import { isScope } from "../contracts/scope.ts";
import { TENANT_ID_PATTERN } from "../contracts/tenant-id.ts";
import type { ContextKey } from "./context-keys.ts";

export const CONTEXT_HEADER = "x-orrery-context";

/** A context is valid at most this long. */
export const CONTEXT_TTL_SECONDS = 30;

const MAX_HEADER_CHARACTERS = 4_096;

const Payload = Type.Object({
  kid: Type.String({ maxLength: 32 }),
  aud: Type.String(),
  tid: Type.String({ pattern: TENANT_ID_PATTERN }),
  sub: Type.String({ minLength: 1, maxLength: 512 }),
  scp: Type.Array(Type.String()),
  exp: Type.Integer(),
});

const checkPayload = compileCheck(Payload);

/** `base64url(payload).base64url(HMAC-SHA256)`, valid for the audience and `CONTEXT_TTL_SECONDS`. */
export function signContext(
  context: RequestContext,
  audience: Audience,
  key: ContextKey,
  clock: Clock = systemClock,
): string {
  const payload: Static<typeof Payload> = {
    kid: key.keyId,
    aud: audience,
    tid: context.tenantId,
    sub: context.principal,
    scp: [...context.scopes],
    exp: Math.floor(clock() / 1_000) + CONTEXT_TTL_SECONDS,
  };
  const encoded = Buffer.from(JSON.stringify(payload)).toString("base64url");
  return `${encoded}.${mac(encoded, key).toString("base64url")}`;
}

/** What a header vouches for, and until when. */
export interface VerifiedContext {
  readonly context: RequestContext;
  readonly expiresAtMs: number;
}

/** The context of `openContext` alone. */
export function verifyContext(
  header: string,
  audience: Audience,
  keys: readonly ContextKey[],
  clock: Clock = systemClock,
): RequestContext | undefined {
  return openContext(header, audience, keys, clock)?.context;
}

/**
 * What a header vouches for; undefined when it was not signed by one of our keys, is meant for
 * another service, has expired, or claims to live longer than contexts may.
 */
export function openContext(
  header: string,
  audience: Audience,
  keys: readonly ContextKey[],
  clock: Clock,
): VerifiedContext | undefined {
  if (header.length > MAX_HEADER_CHARACTERS) return undefined;
  const [encoded = "", signature = "", ...rest] = header.split(".");
  if (rest.length > 0) return undefined;
  const payload = readPayload(encoded);
  if (payload === undefined || payload.aud !== audience) return undefined;
  const key = keys.find((candidate) => candidate.keyId === payload.kid);
  if (key === undefined) return undefined;
  const given = Buffer.from(signature, "base64url");
  const expected = mac(encoded, key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const leftSeconds = payload.exp - clock() / 1_000;
  // The slack is for clocks that differ by a little between machines.
  if (leftSeconds <= 0 || leftSeconds > CONTEXT_TTL_SECONDS + 5) return undefined;
  const { tid, sub, scp, exp } = payload;
  const context = { tenantId: tid, principal: sub, scopes: scp.filter(isScope) };
  return { context, expiresAtMs: exp * 1_000 };
}

function mac(encoded: string, key: ContextKey): Buffer {
  return createHmac("sha256", key.secret).update(encoded).digest();
}

function readPayload(encoded: string): Static<typeof Payload> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"));
    return checkPayload(value).length === 0 ? (value as Static<typeof Payload>) : undefined;
  } catch {
    return undefined;
  }
}
