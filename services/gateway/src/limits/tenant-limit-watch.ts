import { Breaker } from "@orrery/common/cache/breaker";
import type { Clock } from "@orrery/common/contracts/clock";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type {
  PerMinute,
  TenantLimitRepository,
} from "@orrery/common/repositories/tenant-limit/tenant-limit-repository";
import { BoundedCalls } from "../credentials/bounded-calls.ts";
import { RecentMap } from "../credentials/recent-map.ts";
import type { LimitGroup, LimitSettings } from "./limit.ts";

interface TenantLimitWatchOptions {
  limits: Pick<TenantLimitRepository, "find" | "listChanged">;
  /** Of the deployment. */
  perMinute: LimitSettings;
  /** Never goes back. */
  monotonicClock: Clock;
  onError: (error: unknown) => void;
  intervalMs?: number;
}

/** A change is in force everywhere within this and the time of one reading. */
const INTERVAL_MS = 500;
/** A request does not wait longer for its tenant's limits: it is held to the deployment's. */
const FIND_TIMEOUT_MS = 500;
/** A reading of what was changed that takes longer has failed. */
const READING_TIMEOUT_MS = 2_000;
const TENANTS = 10_000;
const NONE: PerMinute = {};

/**
 * Knows the limits of the tenants that call: looked up once, and kept true by asking the store for
 * what was changed, again and again. While the store is away, what is known stays in force.
 */
export class TenantLimitWatch {
  readonly #options: TenantLimitWatchOptions;
  readonly #known = new RecentMap<PerMinute>(TENANTS);
  readonly #finding = new Map<string, Promise<PerMinute>>();
  readonly #breaker: Breaker;
  readonly #calls = new BoundedCalls(READING_TIMEOUT_MS);
  readonly #task: PeriodicTask;
  #asOf: Date | undefined;

  constructor(options: TenantLimitWatchOptions) {
    this.#options = options;
    this.#breaker = new Breaker(FIND_TIMEOUT_MS, options.monotonicClock);
    this.#task = new PeriodicTask({
      intervalMs: options.intervalMs ?? INTERVAL_MS,
      run: () => this.#read(),
      onError: options.onError,
    });
  }

  start(): void {
    this.#task.start();
  }

  async stop(): Promise<void> {
    await this.#task.close();
  }

  /** Of the tenant in the group; at once where the tenant is known. */
  maxOf(tenantId: string, group: LimitGroup): number | Promise<number> {
    const known = this.#known.get(tenantId);
    const fallback = this.#options.perMinute[group];
    if (known !== undefined) return known[group] ?? fallback;
    return this.#find(tenantId).then((found) => found[group] ?? fallback);
  }

  /** What this instance was told itself is in force at once. */
  note(tenantId: string, perMinute: PerMinute): void {
    this.#known.set(tenantId, perMinute);
  }

  #find(tenantId: string): Promise<PerMinute> {
    const finding = this.#finding.get(tenantId) ?? this.#load(tenantId);
    this.#finding.set(tenantId, finding);
    return finding;
  }

  async #load(tenantId: string): Promise<PerMinute> {
    const { limits } = this.#options;
    const found = await this.#breaker.attempt(async () => ({
      perMinute: (await limits.find(tenantId))?.perMinute ?? NONE,
    }));
    this.#finding.delete(tenantId);
    if (found === undefined) return NONE;
    this.#known.set(tenantId, found.perMinute);
    return found.perMinute;
  }

  async #read(): Promise<void> {
    const { limits } = this.#options;
    const { changed, asOf } = await this.#calls.run(() => limits.listChanged(this.#asOf));
    this.#asOf = asOf;
    // Of tenants that do not call nothing is kept.
    for (const { tenantId, perMinute } of changed) {
      if (this.#known.get(tenantId) !== undefined) this.#known.set(tenantId, perMinute);
    }
  }
}
