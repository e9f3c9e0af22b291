import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { StreamRepository } from "@orrery/common/repositories/stream/stream-repository";
import type {
  PendingCount,
  UsageEventRepository,
} from "@orrery/common/repositories/usage-event/usage-event-repository";
import { type AdmissionLimits, decideAdmission, type TenantBacklog } from "./admission.ts";
import { DrainRate } from "./drain-rate.ts";

interface BacklogOptions {
  events: Pick<UsageEventRepository, "countPending">;
  streams: Pick<StreamRepository, "countSettling">;
  limits: AdmissionLimits;
  clock: Clock;
  onRefreshError: (error: unknown) => void;
}

/** A place in the backlog that was kept for one request. */
export interface Admission {
  /** The request added nothing to the backlog after all. */
  withdraw(): void;
}

interface Sample {
  readonly atMs: number;
  /** What was accepted before this is stored by now. */
  readonly cut: Date;
  readonly counts: ReadonlyMap<string, PendingCount>;
}

/** How often the store is asked; with the time that it takes to answer, at most about 1 s apart. */
const REFRESH_MS = 750;
/** A request is accepted and stored within this, but for rare ones, which the measure can do without. */
const STORE_LAG_MS = 2_000;

/**
 * How much of each tenant is pending: the store's count, which is refreshed in the background, and
 * what this process has admitted since. Nothing is counted per request.
 *
 * With several instances each sees what the others admitted up to a refresh ago, so that a tenant
 * can pass its cap by what the other instances accept in about a second, and never by more.
 */
export class Backlog {
  readonly #options: BacklogOptions;
  #sample: Sample = { atMs: 0, cut: new Date(0), counts: new Map() };
  readonly #rates = new Map<string, DrainRate>();
  /** Admitted since the sample was asked for, and, while the next one is asked for, since then. */
  #admitted = new Map<string, number>();
  #admittedMeanwhile: Map<string, number> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  /** Counts, and goes on counting until `stop`. */
  async start(): Promise<void> {
    await this.refresh();
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.start(), REFRESH_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /**
   * Keeps a place for one request of the tenant.
   * @throws {ProblemError} backlog_full
   */
  admit(tenantId: string): Admission {
    const decision = decideAdmission(this.#of(tenantId), this.#options.limits);
    if (!decision.isAdmitted) {
      throw new ProblemError(
        "backlog_full",
        decision.reason === "cap"
          ? "Too many of your deductions are pending; nothing was stored."
          : "Your deductions would wait too long for the chain; nothing was stored.",
        { headers: { "retry-after": String(decision.retryAfterSeconds) } },
      );
    }
    const admitted = this.#admittedMeanwhile ?? this.#admitted;
    add(admitted, tenantId, 1);
    return { withdraw: () => add(admitted, tenantId, -1) };
  }

  /** Asks the store; what it cannot answer leaves the last counts in force. */
  async refresh(): Promise<void> {
    const atMs = this.#options.clock();
    const cut = new Date(atMs - STORE_LAG_MS);
    const admittedMeanwhile = new Map<string, number>();
    this.#admittedMeanwhile = admittedMeanwhile;
    try {
      const cuts = [this.#sample.cut, cut] as const;
      const deductions = await this.#options.events.countPending(cuts);
      const settlements = await this.#options.streams.countSettling(cuts);
      this.#take({ atMs, cut, counts: sumByTenant([...deductions, ...settlements]) });
      this.#admitted = admittedMeanwhile;
    } catch (error) {
      for (const [tenantId, count] of admittedMeanwhile) add(this.#admitted, tenantId, count);
      this.#options.onRefreshError(error);
    } finally {
      this.#admittedMeanwhile = undefined;
    }
  }

  #of(tenantId: string): TenantBacklog {
    const pending =
      (this.#sample.counts.get(tenantId)?.pending ?? 0) +
      (this.#admitted.get(tenantId) ?? 0) +
      (this.#admittedMeanwhile?.get(tenantId) ?? 0);
    return { pending, drainPerSecond: this.#rates.get(tenantId)?.perSecond };
  }

  /** What drained is what was pending before the last cut and is not any more. */
  #take(sample: Sample): void {
    const elapsedMs = sample.atMs - this.#sample.atMs;
    for (const tenantId of this.#rates.keys()) {
      if (!sample.counts.has(tenantId)) this.#rates.delete(tenantId);
    }
    for (const [tenantId, { before }] of sample.counts) {
      const rate = this.#rates.get(tenantId) ?? new DrainRate();
      this.#rates.set(tenantId, rate);
      const wasPending = this.#sample.counts.get(tenantId)?.before[1];
      if (wasPending === undefined) continue;
      const [remaining] = before;
      rate.observe({ elapsedMs, drained: wasPending - remaining, remaining });
    }
    this.#sample = sample;
  }
}

function sumByTenant(counts: readonly PendingCount[]): Map<string, PendingCount> {
  const sums = new Map<string, PendingCount>();
  for (const { tenantId, pending, before } of counts) {
    const sum = sums.get(tenantId) ?? { pending: 0, before: [0, 0] };
    sums.set(tenantId, {
      tenantId,
      pending: sum.pending + pending,
      before: [sum.before[0] + before[0], sum.before[1] + before[1]],
    });
  }
  return sums;
}

function add(counts: Map<string, number>, tenantId: string, change: number): void {
  counts.set(tenantId, (counts.get(tenantId) ?? 0) + change);
}
