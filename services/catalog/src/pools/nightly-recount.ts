import type { Clock } from "@orrery/common/contracts/clock";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type {
  CounterDrift,
  PoolRepository,
} from "@orrery/common/repositories/pool/pool-repository";
import promClient from "@prometheus-io/client";

export interface NightlyRecountOptions {
  pools: Pick<PoolRepository, "recount">;
  clock: Clock;
  registry: MetricsRegistry;
  onDrift: (drift: readonly CounterDrift[]) => void;
  onError: (error: unknown) => void;
}

/** Three in the morning, UTC. */
const HOUR = 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LOOK_INTERVAL_MS = 60_000;

/**
 * Once a night adds up all pools and tells when the counters that statistics read are not their sum.
 * Every instance does, one at a time, so that each shows the truth in its metric.
 */
export class NightlyRecount {
  readonly #options: NightlyRecountOptions;
  readonly #task: PeriodicTask;
  readonly #drift: promClient.Gauge;
  #doneNight: number;

  constructor(options: NightlyRecountOptions) {
    this.#options = options;
    this.#doneNight = nightOf(options.clock());
    this.#drift = new promClient.Gauge({
      name: "catalog_counter_drift",
      help: "Pairs of category and status whose counters were not the sum of their pools, last night.",
      registers: [options.registry],
    });
    this.#task = new PeriodicTask({
      intervalMs: LOOK_INTERVAL_MS,
      run: () => this.runIfDue(),
      onError: options.onError,
    });
  }

  start(): void {
    this.#task.start();
  }

  close(): Promise<void> {
    return this.#task.close();
  }

  async runIfDue(): Promise<void> {
    const { clock, pools, onDrift } = this.#options;
    const night = nightOf(clock());
    if (night <= this.#doneNight) return;
    const drift = await pools.recount();
    // Another instance is at it: the next look tries again.
    if (drift === undefined) return;
    this.#doneNight = night;
    this.#drift.set(drift.length);
    if (drift.length > 0) onDrift(drift);
  }
}

/** Counts the nights that have begun. */
function nightOf(nowMs: number): number {
  return Math.floor((nowMs - HOUR * HOUR_MS) / DAY_MS);
}
