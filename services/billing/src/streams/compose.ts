import { MAX_WAITING_CALLS } from "@orrery/common/contracts/operations";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type {
  StreamCharge,
  StreamRepository,
} from "@orrery/common/repositories/stream/stream-repository";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { TransactionAnswer } from "@orrery/soroban/rpc/soroban-rpc";
import type { Backlog } from "../admission/backlog.ts";
import type { BillingConfig } from "../config.ts";
import { SettlementWaiter } from "../deductions/settlement-waiter.ts";
import { createStreamMetrics } from "./stream-metrics.ts";
import { StreamService } from "./stream-service.ts";
import { WithdrawalService } from "./withdrawal-service.ts";

interface StreamsOptions {
  readonly config: Pick<
    BillingConfig,
    "NETWORK_PASSPHRASE" | "WITHDRAWAL_MIN_CONFIRMATIONS" | "WITHDRAWAL_TIMEOUT_S"
  >;
  readonly streams: StreamRepository;
  readonly backlog: Pick<Backlog, "admit">;
  /** What the network says of a transaction; absent while the chain is switched off. */
  readonly readTransaction: ((hash: string) => Promise<TransactionAnswer>) | undefined;
  /** Tells the engine that there is something to submit. */
  readonly wake: () => void;
  /** How often an instance looks for what another one settled. */
  readonly pollMs: number;
  readonly registry: MetricsRegistry;
  readonly logger: EngineLogger;
}

/** How often an instance looks after withdrawals that wait for finality. */
const WITHDRAWALS_INTERVAL_MS = 1_000;

/** Streams: what requests are answered with, and what ends settlements and withdrawals. */
export function composeStreams(options: StreamsOptions) {
  const { config, streams, backlog, wake, pollMs, registry, logger } = options;
  const metrics = createStreamMetrics(registry);
  const waiter = new SettlementWaiter<StreamCharge>({
    listEnded: async (keys) => {
      const ended = await streams.listEndedCharges(
        keys.map(({ tenantId, id: intentId }) => ({ tenantId, intentId })),
      );
      return ended.map((end) => ({ tenantId: end.tenantId, id: end.intentId, end }));
    },
    pollMs,
    maxWaiters: MAX_WAITING_CALLS.streamActions,
    onPollError: (error) => logger.warn({ err: error }, "could not look for settled streams"),
  });
  const withdrawals = new WithdrawalService({
    streams,
    readTransaction: readerOf(options),
    terms: {
      minConfirmations: config.WITHDRAWAL_MIN_CONFIRMATIONS,
      timeoutMs: config.WITHDRAWAL_TIMEOUT_S * 1_000,
    },
    metrics,
  });
  const task = new PeriodicTask({
    intervalMs: WITHDRAWALS_INTERVAL_MS,
    run: () => withdrawals.run(),
    onError: (error) => logger.warn({ err: error }, "could not look after withdrawals"),
  });
  const networkPassphrase = config.NETWORK_PASSPHRASE;
  return {
    service: new StreamService({ streams, waiter, backlog, withdrawals, wake, networkPassphrase }),
    withdrawals,
    /** Counts the end of a stream's charge, and tells who waits for it. */
    resolved: ({ kind, state }: Resolution) => {
      if (kind !== "stream") return;
      if (state !== "unknown") metrics.settled(state === "confirmed" ? "confirmed" : "failed");
      void waiter.look();
    },
    start: () => task.start(),
    /** Lets those who wait go. */
    release: () => waiter.close(),
    stop: async () => {
      withdrawals.stop();
      await task.close();
    },
  };
}

/** A network that cannot be asked has said nothing: who waits goes on waiting. */
function readerOf({ readTransaction, logger }: StreamsOptions) {
  return async (hash: string): Promise<TransactionAnswer | undefined> => {
    try {
      return await readTransaction?.(hash);
    } catch (error) {
      logger.warn({ err: error }, "could not look a settlement's transaction up");
      return undefined;
    }
  };
}
