import { systemClock } from "@orrery/common/contracts/clock";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type {
  BalanceReading,
  SettlementRepository,
} from "@orrery/common/repositories/settlement/settlement-repository";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import { ApiModes } from "./api-modes.ts";
import { ReservationService } from "./reservation-service.ts";
import { SettlementJob } from "./settlement-job.ts";
import { createSettlementMetrics } from "./settlement-metrics.ts";
import { SettlementService } from "./settlement-service.ts";
import { VaultReadings } from "./vault-readings.ts";

interface AggregationOptions {
  readonly settlements: SettlementRepository;
  readonly readBalance: (vaultContractId: string) => Promise<BalanceReading>;
  /** Tells the engine that there is something to submit. */
  readonly wake: () => void;
  readonly registry: MetricsRegistry;
  readonly logger: EngineLogger;
}

/** How often an instance looks for settlements whose time has come. */
const JOB_INTERVAL_MS = 250;

/** Aggregated settlement: what requests reserve with, what is told of it, and what closes it. */
export function composeAggregation(options: AggregationOptions) {
  const { settlements, readBalance, wake, registry, logger } = options;
  const readings = new VaultReadings({
    readBalance,
    store: (tenantId, vaultContractId, reading) =>
      settlements.storeBalance(tenantId, vaultContractId, reading),
    onBackgroundError: (error) => logger.warn({ err: error }, "could not read a vault"),
  });
  const modes = new ApiModes(systemClock);
  const job = new SettlementJob({ settlements, wake });
  const task = new PeriodicTask({
    intervalMs: JOB_INTERVAL_MS,
    run: () => job.run(),
    onError: (error) => logger.warn({ err: error }, "could not close settlements"),
  });
  const metrics = createSettlementMetrics(registry);
  return {
    reservations: new ReservationService({ settlements, readings, modes }),
    service: new SettlementService(settlements),
    /** Counts the end of a settlement's charge. */
    resolved: ({ kind, state }: Resolution) => {
      if (kind !== "settlement" || state === "unknown") return;
      metrics.resolved(state === "confirmed" ? "confirmed" : "failed");
    },
    start: () => task.start(),
    stop: () => task.close(),
  };
}
