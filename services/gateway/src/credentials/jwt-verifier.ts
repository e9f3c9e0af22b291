import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { isScope, type Scope } from "@orrery/common/contracts/scope";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { type Grant, unauthenticated } from "./grant.ts";

/** Where the keys of tokens come from; each pins the algorithm. */
export type JwtKeySource =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "jwks"; readonly url: string; readonly algorithm: string };

interface JwtVerifierOptions {
  source: JwtKeySource;
  issuer?: string | undefined;
  audience?: string | undefined;
  clock: Clock;
  /** How soon the key set may be fetched again for a key that it did not have. */
  jwksCooldownMs?: number;
}

const CLOCK_SKEW_SECONDS = 30;
/** A longer token costs more to refuse than it can be worth. */
const MAX_TOKEN_CHARACTERS = 8_192;
const MAX_SUBJECT_CHARACTERS = 255;
const MAX_TENANTS = 100;
const JWKS_TIMEOUT_MS = 2_000;
/** A key that was taken out of the set is believed no longer than this. */
const JWKS_MAX_AGE_MS = 300_000;
/** A new key is known within this; who makes key ids up causes no more than a fetch in it. */
const JWKS_COOLDOWN_MS = 10_000;

/** Says what a JWT allows. */
export class JwtVerifier {
  readonly #options: JwtVerifierOptions;
  readonly #key: Uint8Array | JWTVerifyGetKey;
  readonly #algorithm: string;

  constructor(options: JwtVerifierOptions) {
    const { source } = options;
    this.#options = options;
    this.#algorithm = source.kind === "secret" ? "HS256" : source.algorithm;
    this.#key =
      source.kind === "secret"
        ? new TextEncoder().encode(source.secret)
        : createRemoteJWKSet(new URL(source.url), {
            timeoutDuration: JWKS_TIMEOUT_MS,
            cacheMaxAge: JWKS_MAX_AGE_MS,
            cooldownDuration: options.jwksCooldownMs ?? JWKS_COOLDOWN_MS,
          });
  }

  /** @throws {ProblemError} unauthenticated; service_unavailable when the key set is away */
  async verify(token: string): Promise<Grant> {
    if (token.length > MAX_TOKEN_CHARACTERS) throw unauthenticated("The token is too long.");
    const payload = await this.#payloadOf(token);
    const { sub, exp = 0 } = payload;
    if (sub !== undefined && (typeof sub !== "string" || sub.length > MAX_SUBJECT_CHARACTERS)) {
      throw unauthenticated("The token is not valid.");
    }
    return {
      principal: `jwt:${sub ?? "anonymous"}`,
      ...tenantsOf(payload),
      scopes: scopesOf(payload),
      expiresAtMs: (exp + CLOCK_SKEW_SECONDS) * 1_000,
    };
  }

  async #payloadOf(token: string): Promise<JWTPayload> {
    const { issuer, audience, clock } = this.#options;
    const options = {
      algorithms: [this.#algorithm],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(clock()),
      requiredClaims: ["exp"],
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    };
    try {
      const key = this.#key;
      const { payload } =
        typeof key === "function"
          ? await jwtVerify(token, key, options)
          : await jwtVerify(token, key, options);
      return payload;
    } catch (error) {
      if (isFaultOfToken(error)) throw unauthenticated("The token is not valid.");
      throw new ProblemError("service_unavailable", "Tokens cannot be verified now.", {
        headers: { "retry-after": "1" },
        cause: error,
      });
    }
  }
}

/** Everything but not getting a key set; jose's base class alone means that the fetch failed. */
function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== "ERR_JOSE_GENERIC"
  );
}

/** `tenant_id`, `tenantId` and `tenants`: all are granted, the first that stands alone is chosen. */
function tenantsOf(payload: JWTPayload): Pick<Grant, "tenantIds" | "defaultTenantId"> {
  const named = [payload["tenant_id"], payload["tenantId"]].filter(isText);
  const listed = textsOf(payload["tenants"]).slice(0, MAX_TENANTS);
  const tenantIds = [...new Set([...named, ...listed].map((tenantId) => tenantId.trim()))];
  const single = tenantIds.length === 1 ? tenantIds[0] : undefined;
  return { tenantIds, defaultTenantId: named[0]?.trim() ?? single };
}

function scopesOf(payload: JWTPayload): Scope[] {
  const given = [...textsOf(payload["scope"]), ...textsOf(payload["scopes"])];
  return [...new Set(given)].filter(isScope);
}

/** A list of texts, also when it is written as one text with spaces. */
function textsOf(claim: unknown): string[] {
  if (isText(claim)) return claim.split(" ").filter((text) => text !== "");
  return Array.isArray(claim) ? claim.filter(isText) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
