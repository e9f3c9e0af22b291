/** A value with the topic's generation that it was computed under. */
export interface StoredValue {
  readonly generation: bigint;
  readonly body: Buffer;
  /** How much longer it may be served. */
  readonly ttlMs: number;
}

/**
 * Values shared by the instances of a deployment. It never decides what is fresh: readers compare
 * the generation with the one in Postgres. It may lose anything at any time, and it does not throw:
 * a store that is away or slow has no values.
 */
export interface ValueStore {
  find(key: string): Promise<StoredValue | undefined>;
  store(key: string, value: StoredValue): Promise<void>;
  close(): Promise<void>;
}
