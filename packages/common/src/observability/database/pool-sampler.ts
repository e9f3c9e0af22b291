import { type Clock, systemClock } from "../../contracts/clock.ts";
import type { PoolGauges } from "./pool-gauges.ts";

const INTERVAL_MS = 15_000;

/** Reads the pools every 15 s, from the moment that it starts. Keeps no process alive. */
export class PoolSampler {
  readonly #pools: PoolGauges;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;

  constructor(pools: PoolGauges, clock: Clock = systemClock) {
    this.#pools = pools;
    this.#clock = clock;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#pools.sample(this.#clock());
    this.#timer = setInterval(() => this.#pools.sample(this.#clock()), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Nothing is read afterwards. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
