import { Readable } from "node:stream";
import { MeasuredContent } from "./measured-content.ts";
import {
  assertObjectKey,
  type ByteRange,
  type ObjectStore,
  ObjectStoreError,
  type PutOptions,
  type StoredObject,
} from "./object-store.ts";

const MAX_BYTES = 256 * 1_024 * 1_024;

/** Files of one process, forgotten with it; at most `maxBytes` in all. */
export class MemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, Buffer>();
  readonly #maxBytes: number;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<StoredObject> {
    assertObjectKey(key);
    const measured = new MeasuredContent(content, options);
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of measured) {
      bytes += piece.length;
      if (bytes > this.#maxBytes) throw this.#full();
      pieces.push(Buffer.from(piece));
    }
    const others = [...this.#objects].filter(([other]) => other !== key);
    if (bytes + others.reduce((sum, [, object]) => sum + object.length, 0) > this.#maxBytes) {
      throw this.#full();
    }
    this.#objects.set(key, Buffer.concat(pieces));
    return measured.result();
  }

  async findBytes(key: string): Promise<number | undefined> {
    assertObjectKey(key);
    return this.#objects.get(key)?.length;
  }

  async read(key: string, range?: ByteRange): Promise<Readable | undefined> {
    assertObjectKey(key);
    const object = this.#objects.get(key);
    if (object === undefined) return undefined;
    const part = Buffer.from(object.subarray(range?.first, range && range.last + 1));
    return Readable.from(part.length === 0 ? [] : [part]);
  }

  async delete(key: string): Promise<void> {
    assertObjectKey(key);
    this.#objects.delete(key);
  }

  /** A put that ended with its process took what it had with it. */
  async removeAbandoned(): Promise<number> {
    return 0;
  }

  #full(): ObjectStoreError {
    return new ObjectStoreError("full", `more than ${this.#maxBytes} bytes in memory`);
  }
}
