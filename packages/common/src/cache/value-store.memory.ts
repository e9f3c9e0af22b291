import type { Clock } from "../contracts/clock.ts";
import type { StoredValue, ValueStore } from "./value-store.ts";

/** A value store in this process, for tests of what instances share. */
export class MemoryValueStore implements ValueStore {
  readonly #values = new Map<string, StoredValue & { expiresAtMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async find(key: string): Promise<StoredValue | undefined> {
    const value = this.#values.get(key);
    const ttlMs = value === undefined ? 0 : value.expiresAtMs - this.#clock();
    if (value === undefined || ttlMs <= 0) return undefined;
    return { generation: value.generation, body: value.body, ttlMs };
  }

  async store(key: string, value: StoredValue): Promise<void> {
    this.#values.set(key, { ...value, expiresAtMs: this.#clock() + value.ttlMs });
  }

  async close(): Promise<void> {}
}
