import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { readLink, signLink } from "@orrery/common/http/download/signed-link";
import type { FallbackReason } from "./media-metrics.ts";
import { directoriesAbove, filePathOf, mediaFolderOf } from "./media-path.ts";
import { type MediaSigner, SigningRefused } from "./media-signer.ts";

export interface MediaLinksOptions {
  /** Of the origin's own links: the first signs, all verify. */
  readonly keys: readonly [ContextKey, ...ContextKey[]];
  readonly ttlMs: number;
  readonly clock: Clock;
  /** Undefined: no edge is in use. */
  readonly edge: MediaSigner | undefined;
  /** Signs for the bucket itself; undefined: files are fetched through this service. */
  readonly bucket: MediaSigner | undefined;
  readonly onFallback: (reason: FallbackReason, error: unknown) => void;
}

export interface MediaUrl {
  readonly url: string;
  readonly expiresAt: Date;
  readonly via: "cdn" | "origin";
}

/** A token's file, or a directory of its files. */
export interface MediaPlace {
  readonly tenantId: string;
  readonly address: string;
  /** The file's path; of a directory itself it ends in `/`. */
  readonly path: string;
  /** The directory that is opened as a whole; undefined: the file alone. */
  readonly directory?: string | undefined;
}

const PURPOSE = "media";

/** Signs URLs of media: the edge's where there is one, else the origin's; and reads the origin's. */
export class MediaLinks {
  readonly #options: MediaLinksOptions;

  constructor(options: MediaLinksOptions) {
    this.#options = options;
  }

  /** `origin`: where consumers reach the gateway. */
  async urlOf(place: MediaPlace, origin: string): Promise<MediaUrl> {
    const { edge, bucket, ttlMs, clock } = this.#options;
    const folder = mediaFolderOf(place.tenantId, place.address);
    const directory = place.directory === undefined ? undefined : folder + place.directory;
    const target = { key: folder + place.path, directory };
    // Links count in seconds.
    const expiresAtS = Math.floor((clock() + ttlMs) / 1_000);
    const expiresAt = new Date(expiresAtS * 1_000);
    if (edge !== undefined) {
      try {
        return { url: await edge.sign(target, expiresAtS), expiresAt, via: "cdn" };
      } catch (error) {
        const reason = error instanceof SigningRefused ? error.reason : "signing_error";
        this.#options.onFallback(reason, error);
      }
    }
    // A bucket's signature opens one object.
    const url =
      bucket === undefined || directory !== undefined
        ? this.#ownUrl(place, origin, expiresAt)
        : await bucket.sign(target, expiresAtS);
    return { url, expiresAt, via: "origin" };
  }

  /**
   * The path of the file that a link of the origin's opens.
   * @throws {ProblemError} invalid_request, media_url_invalid, media_url_expired
   */
  open(
    { tenantId, address, path: text }: MediaPlace,
    query: { expires?: string; sig?: string },
  ): string {
    const { keys, clock } = this.#options;
    const path = filePathOf(text);
    const folder = mediaFolderOf(tenantId, address);
    // A link says not what it was signed for: the file, or a directory that holds it.
    const subjects = [path, ...directoriesAbove(path), ""].map((part) => folder + part);
    const outcomes = subjects.map(
      (subject) => readLink({ purpose: PURPOSE, subject }, query, keys, clock).outcome,
    );
    if (outcomes.includes("valid")) return path;
    if (outcomes.includes("expired")) {
      throw new ProblemError("media_url_expired", "Ask for the file's URL again.");
    }
    throw new ProblemError("media_url_invalid", "The link was not signed for this file.");
  }

  #ownUrl({ tenantId, address, path, directory }: MediaPlace, origin: string, expiresAt: Date) {
    const subject = mediaFolderOf(tenantId, address) + (directory ?? path);
    const terms = { purpose: PURPOSE, tenantId, subject, expiresAt };
    const query = new URLSearchParams({ ...signLink(terms, this.#options.keys[0]) });
    const file = `${tenantId}/${encodeURIComponent(address)}/${path}`;
    return `${origin}${API_PREFIX}/media/${file}?${query.toString()}`;
  }
}
