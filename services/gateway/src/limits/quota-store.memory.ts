import type { Clock } from "@orrery/common/contracts/clock";
import type { Quota, QuotaStore, Taken } from "./quota-store.ts";

/** A quota store in this process, for tests of what instances share. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #windows = new Map<string, { used: number; endsAtMs: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async take(key: string, wanted: number, { max, windowMs }: Quota): Promise<Taken> {
    const nowMs = this.#clock();
    const known = this.#windows.get(key);
    const isRunning = known !== undefined && known.endsAtMs > nowMs;
    const window = isRunning ? known : { used: 0, endsAtMs: nowMs + windowMs };
    this.#windows.set(key, window);
    const granted = Math.max(0, Math.min(wanted, max - window.used));
    window.used += granted;
    return { used: window.used, granted, resetMs: window.endsAtMs - nowMs };
  }

  async close(): Promise<void> {}
}
