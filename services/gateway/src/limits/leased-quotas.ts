import type { Clock } from "@orrery/common/contracts/clock";
import { RecentMap } from "../credentials/recent-map.ts";
import type { Quota, QuotaStore } from "./quota-store.ts";

interface LeasedQuotasOptions {
  /** What the instances share; undefined: this one counts for itself. */
  shared: Pick<QuotaStore, "take"> | undefined;
  /** Never goes back. */
  clock: Clock;
  /** Told of each taking, and whether it was of what the instances share. */
  onLease?: (source: "shared" | "local") => void;
  /** Windows known at most; the one that was longest not used is forgotten, and with it its lease. */
  capacity?: number;
}

interface QuotaState {
  readonly isTaken: boolean;
  /** As far as this instance knows; more than none also when it was less than what was wanted. */
  readonly remaining: number;
  readonly resetMs: number;
}

const CAPACITY = 50_000;
/** The part of a quota that an instance takes at a time: what it does not use others cannot. */
const CHUNKS = 100;

/**
 * Takes of quotas that instances share, in chunks of 1 %, so that most calls wait for nobody; the sum
 * of what all grant is never more than the quota. A quota below 200 is taken one by one. While the
 * store is away each instance goes on by itself from what it knows, to the whole quota at most.
 */
export class LeasedQuotas {
  readonly #options: LeasedQuotasOptions;
  readonly #windows: RecentMap<LeasedWindow>;

  constructor(options: LeasedQuotasOptions) {
    this.#options = options;
    this.#windows = new RecentMap(options.capacity ?? CAPACITY);
  }

  /** Takes `count` or nothing. */
  async take(key: string, count: number, quota: Quota): Promise<QuotaState> {
    for (;;) {
      const window = this.#windowOf(key, quota);
      const isTaken = window.take(count, quota.max);
      if (isTaken !== undefined) return this.#stateOf(window, quota, isTaken);
      window.demand += count;
      window.leasing ??= this.#lease(key, window, quota);
      await window.leasing;
      window.demand -= count;
    }
  }

  /** What is left as far as this instance knows; takes nothing and asks nobody. */
  peek(key: string, quota: Quota): Pick<QuotaState, "remaining" | "resetMs"> {
    const window = this.#windows.get(key);
    const resetMs = (window?.endsAtMs ?? 0) - this.#options.clock();
    if (window === undefined || resetMs <= 0) {
      return { remaining: quota.max, resetMs: quota.windowMs };
    }
    return { remaining: window.remainingOf(quota.max), resetMs };
  }

  #windowOf(key: string, { windowMs }: Quota): LeasedWindow {
    const nowMs = this.#options.clock();
    const known = this.#windows.get(key);
    if (known !== undefined && known.endsAtMs > nowMs) return known;
    const window = new LeasedWindow(nowMs + windowMs);
    this.#windows.set(key, window);
    return window;
  }

  /** One at a time for a window: for all who wait, and a chunk for who comes next. */
  async #lease(key: string, window: LeasedWindow, quota: Quota): Promise<void> {
    const { shared, clock, onLease } = this.#options;
    // The window was running before the question was asked: it never ends later than the store's.
    const askedAtMs = clock();
    const wanted = Math.max(window.demand, Math.floor(quota.max / CHUNKS));
    try {
      const taken = await shared?.take(key, wanted, quota);
      onLease?.(taken === undefined ? "local" : "shared");
      if (taken === undefined) {
        window.grantAlone(Math.max(0, Math.min(wanted, quota.max - window.used)));
      } else {
        window.grant(taken.granted, taken.used);
        // Nor later than its own: the store's may have begun after what was granted alone.
        window.endsAtMs = Math.min(window.endsAtMs, askedAtMs + taken.resetMs);
      }
    } finally {
      // Not before the grant: who came in between would ask again.
      window.leasing = undefined;
    }
  }

  #stateOf(window: LeasedWindow, { max }: Quota, isTaken: boolean): QuotaState {
    const remaining = window.remainingOf(max);
    return { isTaken, remaining, resetMs: window.endsAtMs - this.#options.clock() };
  }
}

class LeasedWindow {
  endsAtMs: number;
  /** Of the quota, by all: what this instance holds included. */
  used = 0;
  /** What waits for the lease that is under way or the next. */
  demand = 0;
  leasing: Promise<void> | undefined;
  #held = 0;
  /** What the store does not know of, since it was away. */
  #aside = 0;
  #isKnown = false;

  constructor(endsAtMs: number) {
    this.endsAtMs = endsAtMs;
  }

  remainingOf(max: number): number {
    return Math.max(0, max - this.used + this.#held);
  }

  /** Whether `count` was taken; undefined: that is to be found out. */
  take(count: number, max: number): boolean | undefined {
    if (!this.#isKnown) return undefined;
    // What others used is never given back, so that no needs nobody else's word. It also holds for
    // what is held of a quota that has become smaller.
    if (this.remainingOf(max) < count) return false;
    if (this.#held < count) return undefined;
    this.#held -= count;
    return true;
  }

  /** `used`: of the window in all, as the store has it. */
  grant(granted: number, used: number): void {
    this.#isKnown = true;
    this.#held += granted;
    this.used = used + this.#aside;
  }

  grantAlone(granted: number): void {
    this.#isKnown = true;
    this.#held += granted;
    this.#aside += granted;
    this.used += granted;
  }
}
