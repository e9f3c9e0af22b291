import { createHash } from "node:crypto";
import { ObjectStoreError, type PutOptions, type StoredObject } from "./object-store.ts";

/** Content on its way into a store: counted, hashed, and held to the put's options. */
export class MeasuredContent {
  readonly #content: AsyncIterable<Uint8Array>;
  readonly #options: PutOptions;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(content: AsyncIterable<Uint8Array>, options: PutOptions) {
    this.#content = content;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const { signal } = this.#options;
    try {
      for await (const piece of this.#content) {
        signal?.throwIfAborted();
        this.#count(piece);
        yield piece;
      }
      signal?.throwIfAborted();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Whether it was the content that failed, or the put's options that ended it: not the store. */
  hasFailedWith(error: unknown): boolean {
    return this.#failure !== undefined && this.#failure.error === error;
  }

  /** Once all of it went by; only once. */
  result(): StoredObject {
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  /** @throws {ObjectStoreError} too_large */
  #count(piece: Uint8Array): void {
    const { maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    this.#bytes += piece.length;
    if (this.#bytes > maxBytes) {
      throw new ObjectStoreError("too_large", `more than the ${maxBytes} bytes that may be stored`);
    }
    this.#hash.update(piece);
  }
}
