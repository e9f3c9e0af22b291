import { Gauge } from "@prometheus-io/client";
import type { MetricsRegistry } from "../metrics.ts";
import type { PoolCounts } from "./driver-observer.ts";

const STATES = ["in_use", "idle", "waiting"] as const;
type Connections = Readonly<Record<(typeof STATES)[number], number>>;

/**
 * The connections of the real pools. The gauges without a label are the requests' pool alone: a
 * background pool with room to spare would hide that requests wait, and one that works at its size,
 * as it is meant to, would look like them waiting.
 */
export class PoolGauges {
  readonly #size: number;
  readonly #requests = new Set<PoolCounts>();
  readonly #background = new Map<PoolCounts, string>();
  readonly #active: Gauge;
  readonly #idle: Gauge;
  readonly #waiting: Gauge;
  readonly #saturation: Gauge;
  readonly #byState: Gauge<"state">;
  readonly #beside: Gauge<"pool" | "state">;
  readonly #sampledAt: Gauge;

  constructor(registry: MetricsRegistry, size: number) {
    const registers = [registry];
    const read = () => this.read();
    this.#size = size;
    this.#active = new Gauge({
      name: "db_connections_active",
      help: "Connections of the requests' pool that are in use.",
      registers,
      // The first of these to be asked at a scrape; the others show what it read.
      collect: read,
    });
    this.#idle = new Gauge({
      name: "db_connections_idle",
      help: "Connections of the requests' pool that are free.",
      registers,
    });
    this.#waiting = new Gauge({
      name: "db_connections_waiting",
      help: "Callers that wait for a connection of the requests' pool.",
      registers,
    });
    this.#saturation = new Gauge({
      name: "db_pool_saturation",
      help: "Connections of the requests' pool in use, as a share of DB_POOL_SIZE.",
      registers,
    });
    this.#byState = new Gauge({
      name: "db_connections",
      help: "Connections of the requests' pool, and callers that wait for one.",
      labelNames: ["state"],
      registers,
    });
    this.#beside = new Gauge({
      name: "db_background_connections",
      help: "The same of the pools for work beside requests.",
      labelNames: ["pool", "state"],
      registers,
    });
    this.#sampledAt = new Gauge({
      name: "db_pool_stats_last_sample_timestamp_seconds",
      help: "When the sampler last read the pools, whether or not anything had changed.",
      registers,
    });
    this.read();
  }

  addRequests(pool: PoolCounts): void {
    this.#requests.add(pool);
  }

  addBackground(name: string, pool: PoolCounts): void {
    this.#background.set(pool, name);
    this.read();
  }

  /** A pool that is closed has nothing any more. */
  remove(pool: PoolCounts): void {
    const name = this.#background.get(pool);
    this.#requests.delete(pool);
    this.#background.delete(pool);
    if (name !== undefined) this.#show(name, []);
  }

  /** Reads the pools, and says that the sampler did. */
  sample(nowMs: number): void {
    this.read();
    this.#sampledAt.set(nowMs / 1_000);
  }

  read(): void {
    const { in_use: active, idle, waiting } = sumOf([...this.#requests]);
    this.#active.set(active);
    this.#idle.set(idle);
    this.#waiting.set(waiting);
    this.#saturation.set(active / this.#size);
    this.#byState.set({ state: "in_use" }, active);
    this.#byState.set({ state: "idle" }, idle);
    this.#byState.set({ state: "waiting" }, waiting);
    for (const name of new Set(this.#background.values())) {
      this.#show(
        name,
        [...this.#background].filter(([, own]) => own === name).map(([pool]) => pool),
      );
    }
  }

  #show(name: string, pools: readonly PoolCounts[]): void {
    const sum = sumOf(pools);
    for (const state of STATES) this.#beside.set({ pool: name, state }, sum[state]);
  }
}

function sumOf(pools: readonly PoolCounts[]): Connections {
  const sum = { in_use: 0, idle: 0, waiting: 0 };
  for (const { totalCount, idleCount, waitingCount } of pools) {
    sum.in_use += totalCount - idleCount;
    sum.idle += idleCount;
    sum.waiting += waitingCount;
  }
  return sum;
}
