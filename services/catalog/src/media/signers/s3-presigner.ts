import type { Clock } from "@orrery/common/contracts/clock";
import { S3mini } from "s3mini";
import { type MediaSigner, type MediaTarget, SigningRefused } from "../media-signer.ts";

interface S3PresignerOptions {
  /** Of the bucket: `https://bucket.s3.eu-central-1.amazonaws.com`, `https://minio.example/bucket`. */
  bucketUrl: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  clock: Clock;
  /** What the answer's `Cache-Control` is to be, by key; left out: what the bucket says. */
  cacheControlOf?: (key: string) => string;
}

const MAX_LIFETIME_S = 604_800;

/**
 * Presigned GETs of S3 and what speaks its language (MinIO, R2): Signature Version 4 in the query.
 * One object each.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export class S3Presigner implements MediaSigner {
  readonly #client: S3mini;
  readonly #options: Pick<S3PresignerOptions, "clock" | "cacheControlOf">;

  constructor({ bucketUrl, clock, cacheControlOf, ...credentials }: S3PresignerOptions) {
    this.#client = new S3mini({ ...credentials, endpoint: bucketUrl.replace(/\/+$/, "") });
    this.#options = { clock, ...(cacheControlOf && { cacheControlOf }) };
  }

  async sign({ key, directory }: MediaTarget, expiresAtS: number): Promise<string> {
    if (directory !== undefined) throw new SigningRefused("directory_unsupported");
    const { clock, cacheControlOf } = this.#options;
    const lifetimeS = Math.floor(expiresAtS - clock() / 1_000);
    const overrides = cacheControlOf && { "response-cache-control": cacheControlOf(key) };
    return this.#client.getPresignedUrl("GET", key, Math.min(lifetimeS, MAX_LIFETIME_S), overrides);
  }
}
