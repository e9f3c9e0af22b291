import type { Clock } from "@orrery/common/contracts/clock";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { contextPlugin } from "@orrery/common/http/context-plugin";
import type { Health } from "@orrery/common/http/health";
import { idempotencyPlugin } from "@orrery/common/http/idempotency/idempotency-plugin";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import type { AppMeasuring } from "@orrery/common/observability/observation";
import type { IdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store";
import { registerActivityRoutes } from "./activity/activity.routes.ts";
import type { ActivityService } from "./activity/activity-service.ts";
import type { ApiService } from "./apis/api-service.ts";
import { registerApiRoutes } from "./apis/apis.routes.ts";
import type { BalanceService } from "./balances/balance-service.ts";
import { registerBalanceRoutes } from "./balances/balances.routes.ts";
import { registerBulkDeductionRoutes } from "./bulk-deductions/bulk-deductions.routes.ts";
import type { DeductionMetrics } from "./deductions/deduction-metrics.ts";
import type { DeductionService } from "./deductions/deduction-service.ts";
import { registerDeductionRoutes } from "./deductions/deductions.routes.ts";
import { type ExportRoutesOptions, registerExportRoutes } from "./exports/exports.routes.ts";
import type { SettlementService } from "./settlements/settlement-service.ts";
import { registerSettlementRoutes } from "./settlements/settlements.routes.ts";
import { registerStoreRoutes } from "./store/store.routes.ts";
import type { StoreService } from "./store/store-service.ts";
import type { StreamService } from "./streams/stream-service.ts";
import { registerStreamRoutes } from "./streams/streams.routes.ts";
import { registerUsageRoutes } from "./usage/usage.routes.ts";
import type { UsageService } from "./usage/usage-service.ts";
import type { UserService } from "./users/user-service.ts";
import { registerUserRoutes } from "./users/users.routes.ts";
import type { VaultService } from "./vaults/vault-service.ts";
import { registerVaultRoutes } from "./vaults/vaults.routes.ts";

export interface BillingAppOptions {
  logLevel: string;
  logStream?: { write(line: string): void };
  health: Health;
  measuring: AppMeasuring;
  contextKeys: readonly ContextKey[];
  clock: Clock;
  idempotency: IdempotencyStore;
  vaults: VaultService;
  apis: ApiService;
  balances: BalanceService;
  deductions: DeductionService;
  usage: UsageService;
  settlements: SettlementService;
  streams: StreamService;
  activity: ActivityService;
  users: UserService;
  exports: ExportRoutesOptions;
  deductionMetrics: DeductionMetrics;
  /** Empty: no `/internal` routes. */
  internalTokens: readonly string[];
  store: StoreService;
}

/** Billing over HTTP; everything that it talks to is an argument. */
export function buildApp(options: BillingAppOptions): ServiceApp {
  const app = createServiceApp({
    service: "billing",
    logLevel: options.logLevel,
    health: options.health,
    ...options.measuring,
    ...(options.logStream === undefined ? {} : { logStream: options.logStream }),
  });
  app.register(
    async (api) => {
      await api.register(contextPlugin, {
        audience: "billing",
        keys: options.contextKeys,
        clock: options.clock,
      });
      await api.register(idempotencyPlugin, { store: options.idempotency });
      const { deductions, deductionMetrics: metrics } = options;
      registerDeductionRoutes(api, { deductions, metrics });
      registerBulkDeductionRoutes(api, { deductions, metrics });
      registerUsageRoutes(api, options.usage);
      registerSettlementRoutes(api, options.settlements);
      registerStreamRoutes(api, options.streams);
      registerActivityRoutes(api, options.activity);
      registerUserRoutes(api, options.users);
      registerExportRoutes(api, options.exports);
      registerVaultRoutes(api, options.vaults);
      registerApiRoutes(api, options.apis);
      registerBalanceRoutes(api, options.balances);
    },
    { prefix: API_PREFIX },
  );
  const { internalTokens, store } = options;
  if (internalTokens.length > 0) {
    app.register(async (internal) => registerStoreRoutes(internal, internalTokens, store));
  }
  return app;
}
