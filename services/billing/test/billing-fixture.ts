import { randomBytes } from "node:crypto";
import { ProblemError } from "@orrery/common/contracts/errors";
import { uuidv7 } from "@orrery/common/contracts/id";
import { LINK_CONTEXT } from "@orrery/common/contracts/request-context";
import type { Scope } from "@orrery/common/contracts/scope";
import { Health } from "@orrery/common/http/health";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import { createRegistry } from "@orrery/common/observability/metrics";
import { MemoryIdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store.memory";
import { composeMemoryStores } from "@orrery/common/repositories/memory/compose";
import { settleIntent } from "@orrery/common/testing/settle-intent";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { RpcError } from "@orrery/soroban/rpc/rpc-error";
import type { TransactionAnswer } from "@orrery/soroban/rpc/soroban-rpc";
import { ActivityService } from "../src/activity/activity-service.ts";
import { Backlog } from "../src/admission/backlog.ts";
import { ApiService } from "../src/apis/api-service.ts";
import { buildApp } from "../src/app.ts";
import { BalanceService } from "../src/balances/balance-service.ts";
import { createDeductionMetrics } from "../src/deductions/deduction-metrics.ts";
import { DeductionService } from "../src/deductions/deduction-service.ts";
import { createDeductionWaiter } from "../src/deductions/deduction-waiter.ts";
import { ApiModes } from "../src/settlements/api-modes.ts";
import { ReservationService } from "../src/settlements/reservation-service.ts";
import { SettlementService } from "../src/settlements/settlement-service.ts";
import { VaultReadings } from "../src/settlements/vault-readings.ts";
import { StoreService } from "../src/store/store-service.ts";
import { composeStreams } from "../src/streams/compose.ts";
import { UsageService } from "../src/usage/usage-service.ts";
import { UserService } from "../src/users/user-service.ts";
import { VaultService } from "../src/vaults/vault-service.ts";
import { createExportFixture } from "./export-fixture.ts";

/** Two valid addresses of each kind. */
export const CONTRACTS = [
  "CA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGAXE",
  "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC",
] as const;
export const ACCOUNTS = [
  "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
  "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H",
] as const;

interface CallOptions {
  tenantId?: string;
  principal?: string;
  scopes?: readonly Scope[];
  headers?: Record<string, string>;
}

/** Billing over memory adapters: the chain answers when the test says so. */
export async function createBillingFixture({ maxPendingPerTenant = 1_000 } = {}) {
  const key = { keyId: "k", secret: randomBytes(32) };
  const health = new Health([], "test");
  health.markStarted();
  const registry = createRegistry();
  const deductionMetrics = createDeductionMetrics(registry);
  const time = { nowMs: Date.parse("2026-03-01T12:00:00.000Z") };
  const clock = () => time.nowMs;
  const { vaults, apis, journal, events, settlements, streams, reports } = composeMemoryStores({
    markerOf: (tenantId, id) => deriveMarker("Test", "settlement", tenantId, id),
    clock,
  });
  const pollErrors: unknown[] = [];
  const waiter = createDeductionWaiter({
    events,
    pollMs: 5,
    onPollError: (error) => pollErrors.push(error),
  });
  const backlog = new Backlog({
    events,
    streams,
    limits: { maxPendingPerTenant, maxWaitSeconds: 600 },
    clock,
    onRefreshError: (error) => pollErrors.push(error),
  });
  let wakes = 0;
  let asked = 0;
  const onChain = new Map<string, bigint>();
  const readBalance = async (contractId: string) => {
    const balanceStroops = onChain.get(contractId);
    if (balanceStroops === undefined) {
      throw new ProblemError("soroban_unavailable", "The chain cannot be read now.");
    }
    return { balanceStroops, ledger: 7 };
  };
  const readings = new VaultReadings({
    readBalance,
    store: (...reading) => settlements.storeBalance(...reading),
    onBackgroundError: (error) => pollErrors.push(error),
  });
  const modes = new ApiModes(clock);
  const wake = () => {
    wakes += 1;
  };
  const transactions = new Map<string, TransactionAnswer>();
  const streaming = composeStreams({
    config: {
      NETWORK_PASSPHRASE: "Test",
      WITHDRAWAL_MIN_CONFIRMATIONS: 3,
      WITHDRAWAL_TIMEOUT_S: 600,
    },
    streams,
    backlog,
    readTransaction: async (hash) => {
      asked += 1;
      const answer = transactions.get(hash);
      if (answer === undefined) throw new RpcError("network", "getTransaction");
      return answer;
    },
    wake,
    pollMs: 5,
    registry,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const deductions = new DeductionService({
    events,
    reservations: new ReservationService({ settlements, readings, modes }),
    waiter,
    backlog,
    wake,
    networkPassphrase: "Test",
    clock,
    metrics: deductionMetrics,
  });
  const vaultService = new VaultService(vaults, clock);
  const balances = new BalanceService({
    vaults: vaultService,
    events,
    settlements,
    streams,
    readBalance,
  });
  const exporting = createExportFixture({ events, streams });
  const app = buildApp({
    logLevel: "silent",
    health,
    measuring: { registry },
    contextKeys: [key],
    clock: Date.now,
    idempotency: new MemoryIdempotencyStore(clock),
    vaults: vaultService,
    apis: new ApiService(apis, clock),
    balances,
    deductions,
    usage: new UsageService(reports),
    settlements: new SettlementService(settlements),
    streams: streaming.service,
    activity: new ActivityService(streams, streaming.service),
    users: new UserService(streams),
    exports: { exports: exporting.service, publicUrl: undefined },
    deductionMetrics,
    internalTokens: [],
    store: new StoreService(),
  });
  await app.ready();

  const call = (
    method: "GET" | "POST" | "PUT",
    path: string,
    payload?: unknown,
    options: CallOptions = {},
  ) => {
    const scopes = options.scopes ?? ["billing:read", "billing:write"];
    const { tenantId = "acme", principal = "key:1" } = options;
    const context = { tenantId, principal, scopes };
    return app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { [CONTEXT_HEADER]: signContext(context, "billing", key), ...options.headers },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
  };

  /** Follows a link that is its own credential, as the gateway passes it on. */
  const follow = (
    url: string,
    headers: Record<string, string> = {},
    method: "GET" | "HEAD" = "GET",
  ) => {
    const signed = signContext(LINK_CONTEXT, "billing", key);
    return app.inject({ method, url, headers: { [CONTEXT_HEADER]: signed, ...headers } });
  };

  let settled = 0;
  /** Ends a request as the chain would, each a minute on, so that every back-off is over. */
  const settle = async (requestId: string, outcome: Outcome, tenantId = "acme") => {
    const event = await events.find(tenantId, requestId);
    settled += 1;
    await settleIntent(journal, event?.id ?? uuidv7(), outcome, time.nowMs + settled * 60_000);
  };

  /** Ends the payment of a stream that is under way as the chain would, and tells who waits for it. */
  const settleStream = async (id: string, outcome: Outcome) => {
    const intentId = (await streams.find("acme", id))?.stream.settlement?.intentId ?? uuidv7();
    settled += 1;
    const atMs = time.nowMs + settled * 60_000;
    await settleIntent(journal, intentId, outcome, atMs);
  };

  const close = async () => {
    waiter.close();
    streaming.release();
    await streaming.stop();
    await app.close();
  };
  return {
    app,
    call,
    follow,
    exporting,
    settle,
    settleStream,
    close,
    waiter,
    backlog,
    journal,
    events,
    settlements,
    streams,
    withdrawals: streaming.withdrawals,
    /** The time that all of it lives at, but for contexts, which are signed now. */
    time,
    onChain,
    /** What the network says of transactions, by hash; of others it cannot be asked. */
    transactions,
    /** How often the network was asked for a transaction. */
    asked: () => asked,
    pollErrors,
    wakes: () => wakes,
  };
}

export type BillingFixture = Awaited<ReturnType<typeof createBillingFixture>>;

export const DEDUCT = {
  requestId: "req-1",
  userId: "ada",
  apiId: "weather",
  endpointId: "forecast",
  apiKeyId: "key-1",
  amountUsdc: "1.5",
} as const;
