import type { Readable } from "node:stream";

/** What was stored: its length, and its SHA-256 in hex. */
export interface StoredObject {
  readonly bytes: number;
  readonly sha256: string;
}

/** Bytes `first` to `last`, both included, counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface PutOptions {
  /** More is refused, and nothing is stored. */
  readonly maxBytes?: number;
  /** Gives up, and nothing is stored; the put rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** What those are told it is who read the store by themselves; stores that none read forget it. */
  readonly contentType?: string;
}

/** `full`: there is no room left. `too_large`: past `maxBytes`. `unavailable`: anything else. */
export type ObjectStoreFailure = "full" | "too_large" | "unavailable";

export class ObjectStoreError extends Error {
  readonly failure: ObjectStoreFailure;

  constructor(failure: ObjectStoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ObjectStoreError";
    this.failure = failure;
  }
}

/**
 * Files by key, for all instances of the services. A key is segments of letters, digits and `._~-`
 * with `/` between them, none beginning with a dot; at most 512 characters. Every method
 * @throws {ObjectStoreError}
 */
export interface ObjectStore {
  /**
   * Stores the content, in place of what was there. Under the key is the old content or the whole
   * new one, durably once this resolves; never a part. `content` is asked for its next piece when the
   * last one was dealt with: a piece is not looked at after that.
   */
  put(key: string, content: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredObject>;

  /** The length in bytes; undefined when there is nothing under the key. */
  findBytes(key: string): Promise<number | undefined>;

  /**
   * The content, or the part of it that `range` names, which lies within it; undefined when there is
   * nothing under the key. Destroy what is not read to its end. Its pieces are the reader's to change.
   */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>;

  /** Removes what is under the key, if anything is. */
  delete(key: string): Promise<void>;

  /**
   * Removes what puts left behind that began before then and never ended, since their process did.
   * Gives how many.
   */
  removeAbandoned(begunBefore: Date): Promise<number>;
}

const KEY = /^(?!\.)[\w.~-]{1,255}(\/(?!\.)[\w.~-]{1,255})*$/;
const MAX_KEY_CHARACTERS = 512;

/** @throws {Error} when the caller made up a key that none may be */
export function assertObjectKey(key: string): void {
  if (key.length > MAX_KEY_CHARACTERS || !KEY.test(key)) throw new Error(`no object key: ${key}`);
}
