import type { Clock } from "@orrery/common/contracts/clock";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { contextPlugin } from "@orrery/common/http/context-plugin";
import type { Health } from "@orrery/common/http/health";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { ApiService } from "./apis/api-service.ts";
import { registerApiRoutes } from "./apis/apis.routes.ts";
import type { BalanceService } from "./balances/balance-service.ts";
import { registerBalanceRoutes } from "./balances/balances.routes.ts";
import { registerBulkDeductionRoutes } from "./bulk-deductions/bulk-deductions.routes.ts";
import type { DeductionMetrics } from "./deductions/deduction-metrics.ts";
import type { DeductionService } from "./deductions/deduction-service.ts";
import { registerDeductionRoutes } from "./deductions/deductions.routes.ts";
import type { SettlementService } from "./settlements/settlement-service.ts";
import { registerSettlementRoutes } from "./settlements/settlements.routes.ts";
import { registerUsageRoutes } from "./usage/usage.routes.ts";
import type { UsageService } from "./usage/usage-service.ts";
import type { VaultService } from "./vaults/vault-service.ts";
import { registerVaultRoutes } from "./vaults/vaults.routes.ts";

export interface BillingAppOptions {
  logLevel: string;
  logStream?: { write(line: string): void };
  health: Health;
  registry: MetricsRegistry;
  isMetricsServed: boolean;
  contextKeys: readonly ContextKey[];
  clock: Clock;
  vaults: VaultService;
  apis: ApiService;
  balances: BalanceService;
  deductions: DeductionService;
  usage: UsageService;
  settlements: SettlementService;
  deductionMetrics: DeductionMetrics;
}

/** Billing over HTTP; everything that it talks to is an argument. */
export function buildApp(options: BillingAppOptions): ServiceApp {
  const app = createServiceApp({
    service: "billing",
    logLevel: options.logLevel,
    health: options.health,
    registry: options.isMetricsServed ? options.registry : undefined,
    ...(options.logStream === undefined ? {} : { logStream: options.logStream }),
  });
  app.register(
    async (api) => {
      await api.register(contextPlugin, {
        audience: "billing",
        keys: options.contextKeys,
        clock: options.clock,
      });
      const { deductions, deductionMetrics: metrics } = options;
      registerDeductionRoutes(api, { deductions, metrics });
      registerBulkDeductionRoutes(api, { deductions, metrics });
      registerUsageRoutes(api, options.usage);
      registerSettlementRoutes(api, options.settlements);
      registerVaultRoutes(api, options.vaults);
      registerApiRoutes(api, options.apis);
      registerBalanceRoutes(api, options.balances);
    },
    { prefix: API_PREFIX },
  );
  return app;
}
