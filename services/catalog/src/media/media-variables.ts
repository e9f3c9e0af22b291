import { Secret } from "@orrery/common/config/env";
import type { ObjectStoreConfig } from "@orrery/common/config/object-store-variables";
import { CONTEXT_KEYS_PATTERN, parseContextKeys } from "@orrery/common/http/context-keys";
import { type Static, Type } from "typebox";
import { isRsaPrivateKey, pemOf } from "./signers/cloudfront-signer.ts";

/** The schemes of each provider's tokens, its own default first. */
const SCHEMES = {
  bunny: ["sha256", "hs256"],
  cloudflare: ["hmac", "r2"],
  cloudfront: ["sha1", "sha256"],
} as const;

export type CdnProvider = keyof typeof SCHEMES;

/** What media reads from the environment. */
export const MEDIA_VARIABLES = {
  MEDIA_URL_KEYS: Secret({
    description:
      "Keys of the origin's links to media, written as `CONTEXT_SIGNING_KEYS` are and equal to none of them.",
    pattern: CONTEXT_KEYS_PATTERN,
  }),
  MEDIA_URL_TTL_S: Type.Integer({
    description: "How long a URL of media is good for; for Cloudflare's HMAC also the rule's own.",
    default: 3_600,
    minimum: 60,
    maximum: 604_800,
  }),
  MEDIA_ORIGIN: Type.Optional(
    Type.Union([Type.Literal("service"), Type.Literal("bucket")], {
      description:
        "Where files are fetched from without an edge: through catalog, or from the bucket itself, which consumers must reach at `S3_ENDPOINT`. The bucket where there is one.",
    }),
  ),
  CDN_ENABLED: Type.Boolean({
    description: "Signs URLs of media for an edge; off, they are the origin's.",
    default: false,
  }),
  CDN_PROVIDER: Type.Optional(
    Type.Union([Type.Literal("bunny"), Type.Literal("cloudflare"), Type.Literal("cloudfront")], {
      description: "Whose edge it is.",
    }),
  ),
  CDN_SCHEME: Type.Optional(
    Type.Union(
      [...new Set(Object.values(SCHEMES).flat())].map((scheme) => Type.Literal(scheme)),
      {
        description:
          "How its tokens are made: bunny `sha256` or `hs256`; cloudflare `hmac` or `r2`; cloudfront `sha1` or `sha256`. The first of each without it.",
      },
    ),
  ),
  CDN_BASE_URL: Type.Optional(
    Type.String({
      description:
        "Where the edge serves the object store's keys, `https://media.example.com`; for `r2` the bucket's address at the S3 API.",
      pattern: "^https?://[^?#\\s]+$",
    }),
  ),
  CDN_SECURITY_KEY: Type.Optional(
    Secret({
      description:
        "The key that tokens are made with: Bunny's token key, the secret of Cloudflare's rule, R2's secret access key, the PEM of CloudFront's RSA key (line breaks may be written `\\n`).",
    }),
  ),
  CDN_KEY_ID: Type.Optional(
    Type.String({
      description: "What the key is called: CloudFront's key pair id, R2's access key id.",
      minLength: 1,
    }),
  ),
};

const schema = Type.Object(MEDIA_VARIABLES);
type MediaConfig = Static<typeof schema> & ObjectStoreConfig & { CONTEXT_SIGNING_KEYS: string };

/** An edge that is configured whole. */
export interface CdnSettings {
  readonly provider: CdnProvider;
  readonly scheme: (typeof SCHEMES)[CdnProvider][number];
  readonly baseUrl: string;
  readonly securityKey: string;
  /** Empty where the scheme has none. */
  readonly keyId: string;
}

/** Undefined: no edge is in use. `mediaFaults` has found none. */
export function cdnSettingsOf(config: MediaConfig): CdnSettings | undefined {
  const { CDN_ENABLED, CDN_PROVIDER, CDN_BASE_URL, CDN_SECURITY_KEY } = config;
  if (!CDN_ENABLED || CDN_PROVIDER === undefined) return undefined;
  if (CDN_BASE_URL === undefined || CDN_SECURITY_KEY === undefined) return undefined;
  return {
    provider: CDN_PROVIDER,
    scheme: config.CDN_SCHEME ?? SCHEMES[CDN_PROVIDER][0],
    baseUrl: CDN_BASE_URL,
    securityKey: CDN_PROVIDER === "cloudfront" ? pemOf(CDN_SECURITY_KEY) : CDN_SECURITY_KEY,
    keyId: config.CDN_KEY_ID ?? "",
  };
}

/** What is wrong with the settings of media taken together. */
export function mediaFaults(config: MediaConfig): string[] {
  return [...keyFaults(config), ...originFaults(config), ...cdnFaults(config)];
}

/** Who signs contexts must not be able to open media by it, nor the other way round. */
function keyFaults({ MEDIA_URL_KEYS, CONTEXT_SIGNING_KEYS }: MediaConfig): string[] {
  const contextKeys = parseContextKeys(CONTEXT_SIGNING_KEYS);
  const isShared = parseContextKeys(MEDIA_URL_KEYS).some(({ secret }) =>
    contextKeys.some((key) => Buffer.from(key.secret).equals(secret)),
  );
  return isShared ? ["MEDIA_URL_KEYS and CONTEXT_SIGNING_KEYS share a key"] : [];
}

function originFaults({ MEDIA_ORIGIN, S3_ENDPOINT }: MediaConfig): string[] {
  if (MEDIA_ORIGIN !== "bucket" || S3_ENDPOINT !== undefined) return [];
  return ["MEDIA_ORIGIN is bucket: S3_ENDPOINT is required"];
}

function cdnFaults(config: MediaConfig): string[] {
  if (!config.CDN_ENABLED) return [];
  const faults = (["CDN_PROVIDER", "CDN_BASE_URL", "CDN_SECURITY_KEY"] as const)
    .filter((name) => config[name] === undefined)
    .map((name) => `CDN_ENABLED is true: ${name} is required`);
  const { CDN_PROVIDER: provider, CDN_SCHEME: scheme, CDN_SECURITY_KEY: key } = config;
  if (provider === undefined) return faults;
  const known: readonly string[] = SCHEMES[provider];
  if (scheme !== undefined && !known.includes(scheme)) {
    faults.push(`CDN_SCHEME: ${provider} has ${known.join(" and ")}, not ${String(scheme)}`);
  }
  if ((provider === "cloudfront" || scheme === "r2") && config.CDN_KEY_ID === undefined) {
    faults.push(`CDN_KEY_ID is required for ${provider === "cloudfront" ? "cloudfront" : "r2"}`);
  }
  if (provider === "cloudfront" && key !== undefined && !isRsaPrivateKey(pemOf(key))) {
    faults.push("CDN_SECURITY_KEY is not the PEM of an RSA private key, which cloudfront wants");
  }
  return faults;
}
