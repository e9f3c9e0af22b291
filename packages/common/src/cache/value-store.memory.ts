import type { Clock } from "../contracts/clock.ts";
import type { StoredValue, ValueStore } from "./value-store.ts";

/** A value store in this process, for tests of what instances share. */
export class MemoryValueStore implements ValueStore {
  readonly #values = new Map<string, StoredValue & { expiresAtMs: number }>();
  readonly #turns = new Map<string, { token: string; endsAtMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async find(key: string): Promise<StoredValue | undefined> {
    const value = this.#values.get(key);
    const ttlMs = value === undefined ? 0 : value.expiresAtMs - this.#clock();
    if (value === undefined || ttlMs <= 0) return undefined;
    return { generation: value.generation, body: value.body, ttlMs, graceMs: value.graceMs };
  }

  async store(key: string, value: StoredValue): Promise<void> {
    this.#values.set(key, { ...value, expiresAtMs: this.#clock() + value.ttlMs });
  }

  async takeTurn(key: string, token: string, leaseMs: number): Promise<boolean> {
    const turn = this.#turns.get(key);
    if (turn !== undefined && turn.endsAtMs > this.#clock()) return false;
    this.#turns.set(key, { token, endsAtMs: this.#clock() + leaseMs });
    return true;
  }

  async endTurn(key: string, token: string): Promise<void> {
    if (this.#turns.get(key)?.token === token) this.#turns.delete(key);
  }

  async close(): Promise<void> {}
}
