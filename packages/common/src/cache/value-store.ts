/** A value with the topic's generation that it was computed under. */
export interface StoredValue {
  readonly generation: bigint;
  readonly body: Buffer;
  /** How much longer it is fresh. */
  readonly ttlMs: number;
  /** How much longer after that it may be served while it is computed anew. */
  readonly graceMs: number;
}

/**
 * Values shared by the instances of a deployment, and whose turn it is to compute one. It never
 * decides what is fresh: readers compare the generation with the one in Postgres. It may lose
 * anything at any time, and it does not throw: a store that is away or slow has no values.
 */
export interface ValueStore {
  find(key: string): Promise<StoredValue | undefined>;
  store(key: string, value: StoredValue): Promise<void>;
  /**
   * Asks for the turn to compute the key's value, for `leaseMs` at most. False: another token has
   * it. Undefined: the store is away.
   */
  takeTurn(key: string, token: string, leaseMs: number): Promise<boolean | undefined>;
  /** Gives the turn back; nothing happens when another token has it by now. */
  endTurn(key: string, token: string): Promise<void>;
  close(): Promise<void>;
}
