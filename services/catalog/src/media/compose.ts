import { systemClock } from "@orrery/common/contracts/clock";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { openObjectStore } from "@orrery/common/object-store/compose";
import { MemoryObjectStore } from "@orrery/common/object-store/object-store.memory";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { MediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository";
import type { TokenRepository } from "@orrery/common/repositories/token/token-repository";
import type { CatalogConfig } from "../config.ts";
import { cacheControlOf } from "./media-caching.ts";
import { MediaLinks } from "./media-links.ts";
import { createMediaMetrics } from "./media-metrics.ts";
import { MediaService } from "./media-service.ts";
import type { MediaSigner } from "./media-signer.ts";
import { type CdnSettings, cdnSettingsOf } from "./media-variables.ts";
import { BunnySigner } from "./signers/bunny-signer.ts";
import { CloudflareSigner } from "./signers/cloudflare-signer.ts";
import { CloudFrontSigner } from "./signers/cloudfront-signer.ts";
import { S3Presigner } from "./signers/s3-presigner.ts";

interface MediaOptions {
  readonly config: CatalogConfig;
  readonly tokens: Pick<TokenRepository, "find">;
  readonly files: MediaFileRepository;
  /** Whether state, and so files, live in memory. */
  readonly isInMemory: boolean;
  readonly registry: MetricsRegistry;
  readonly onError: (error: unknown) => void;
}

/** Media: its store, and who signs its URLs. */
export function composeMedia(options: MediaOptions): MediaService {
  const { config, tokens, files, isInMemory, registry, onError } = options;
  const settings = cdnSettingsOf(config);
  const metrics = createMediaMetrics(registry);
  const edge = settings && edgeSignerOf(settings, config);
  const links = new MediaLinks({
    keys: parseContextKeys(config.MEDIA_URL_KEYS),
    ttlMs: config.MEDIA_URL_TTL_S * 1_000,
    clock: systemClock,
    edge: edge && {
      sign: (target, expiresAtS) => {
        metrics.wanted();
        return edge.sign(target, expiresAtS);
      },
    },
    bucket: isInMemory ? undefined : bucketSignerOf(config),
    onFallback: (reason, error) => {
      metrics.fellBack(reason);
      // That a scheme has no directories is no news.
      if (reason === "signing_error") onError(error);
    },
  });
  const store = isInMemory ? new MemoryObjectStore() : openObjectStore(config);
  return new MediaService({ tokens, files, store, links, clock: systemClock });
}

function edgeSignerOf(settings: CdnSettings, config: CatalogConfig): MediaSigner {
  const { provider, scheme, baseUrl, securityKey, keyId } = settings;
  switch (provider) {
    case "bunny":
      return new BunnySigner({
        baseUrl,
        securityKey,
        scheme: scheme === "hs256" ? scheme : "sha256",
      });
    case "cloudflare":
      return scheme === "r2"
        ? new S3Presigner({
            bucketUrl: baseUrl,
            region: "auto",
            accessKeyId: keyId,
            secretAccessKey: securityKey,
            clock: systemClock,
            cacheControlOf,
          })
        : new CloudflareSigner({ baseUrl, securityKey, lifetimeS: config.MEDIA_URL_TTL_S });
    case "cloudfront":
      return new CloudFrontSigner({
        baseUrl,
        privateKey: securityKey,
        keyPairId: keyId,
        scheme: scheme === "sha256" ? scheme : "sha1",
      });
  }
}

/** Undefined: files are fetched through this service. */
function bucketSignerOf(config: CatalogConfig): MediaSigner | undefined {
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = config;
  if (config.MEDIA_ORIGIN === "service" || S3_ENDPOINT === undefined) return undefined;
  return new S3Presigner({
    bucketUrl: `${S3_ENDPOINT.replace(/\/+$/, "")}/${S3_BUCKET}`,
    region: config.S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: S3_SECRET_ACCESS_KEY ?? "",
    clock: systemClock,
    cacheControlOf,
  });
}
