import type { Readable } from "node:stream";
import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { MAX_MEDIA_BYTES } from "@orrery/common/contracts/operations";
import {
  type ByteRange,
  type ObjectStore,
  ObjectStoreError,
} from "@orrery/common/object-store/object-store";
import type {
  MediaFile,
  MediaFileRepository,
} from "@orrery/common/repositories/media-file/media-file-repository";
import type { TokenRepository } from "@orrery/common/repositories/token/token-repository";
import type { MediaLinks, MediaPlace, MediaUrl } from "./media-links.ts";
import { directoryOf, filePathOf, mediaFolderOf } from "./media-path.ts";

export interface MediaServiceOptions {
  readonly tokens: Pick<TokenRepository, "find">;
  readonly files: MediaFileRepository;
  readonly store: ObjectStore;
  readonly links: MediaLinks;
  readonly clock: Clock;
}

/** A file that may be read. */
export interface OpenedMedia {
  readonly file: MediaFile;
  readonly key: string;
}

/** Tokens' files: put into the object store, and found again by signed URLs. */
export class MediaService {
  readonly #options: MediaServiceOptions;

  constructor(options: MediaServiceOptions) {
    this.#options = options;
  }

  /**
   * Stores a file in place of what was under its path; all of it or nothing.
   * @throws {ProblemError} invalid_request, token_not_found, payload_too_large, service_unavailable
   */
  async put(
    { tenantId, address, path: text }: MediaPlace,
    contentType: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ file: MediaFile; isNew: boolean }> {
    const { files, store, clock } = this.#options;
    const path = filePathOf(text);
    await this.#assertToken(tenantId, address);
    const key = mediaFolderOf(tenantId, address) + path;
    const options = { maxBytes: MAX_MEDIA_BYTES, contentType };
    const stored = await inStore(() => store.put(key, content, options));
    const updatedAt = new Date(clock());
    const file = { tokenAddress: address, path, contentType, ...stored, updatedAt };
    const { isNew } = await files.put(tenantId, file);
    return { file, isNew };
  }

  /**
   * A URL for a file, whether it is there yet or not. `isDirectory`: one that opens the whole
   * directory that holds it, or that the path names.
   * @throws {ProblemError} invalid_request, token_not_found
   */
  async urlOf(
    { tenantId, address, path: text }: MediaPlace,
    isDirectory: boolean,
    origin: string,
  ): Promise<MediaUrl> {
    const directory = isDirectory ? directoryOf(text) : undefined;
    const isDirectoryItself = directory !== undefined && /(^|\/)\.?$/.test(text);
    const path = isDirectoryItself ? directory : filePathOf(text);
    await this.#assertToken(tenantId, address);
    return this.#options.links.urlOf({ tenantId, address, path, directory }, origin);
  }

  /**
   * What a link of the origin's opens.
   * @throws {ProblemError} invalid_request, media_url_invalid, media_url_expired, media_not_found,
   *   service_unavailable
   */
  async open(place: MediaPlace, query: { expires?: string; sig?: string }): Promise<OpenedMedia> {
    const { files, links, store } = this.#options;
    const { tenantId, address } = place;
    const path = links.open(place, query);
    const key = mediaFolderOf(tenantId, address) + path;
    const file = await files.find(tenantId, address, path);
    const bytes = file && (await inStore(() => store.findBytes(key)));
    if (file === undefined || bytes === undefined) throw notFound(path);
    // What is known of the file is about the content before, and would not fit this one.
    if (file.bytes !== bytes) throw away("The file is being replaced.");
    return { file, key };
  }

  /** @throws {ProblemError} media_not_found, service_unavailable */
  async read({ key, file }: OpenedMedia, range: ByteRange | undefined): Promise<Readable> {
    const content = await inStore(() => this.#options.store.read(key, range));
    if (content === undefined) throw notFound(file.path);
    return content;
  }

  async #assertToken(tenantId: string, address: string): Promise<void> {
    if ((await this.#options.tokens.find(tenantId, address)) !== undefined) return;
    throw new ProblemError("token_not_found", `The tenant has no token ${address}.`);
  }
}

function notFound(path: string): ProblemError {
  return new ProblemError("media_not_found", `The token has no file ${path}.`);
}

/** What the object store says, in the API's words. */
async function inStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    if (error.failure === "too_large") {
      const detail = `A file has at most ${MAX_MEDIA_BYTES} bytes.`;
      throw new ProblemError("payload_too_large", detail, { cause: error });
    }
    throw away("Files cannot be stored or read now.", error);
  }
}

function away(detail: string, cause?: unknown): ProblemError {
  return new ProblemError("service_unavailable", detail, {
    headers: { "retry-after": "1" },
    ...(cause !== undefined && { cause }),
  });
}
