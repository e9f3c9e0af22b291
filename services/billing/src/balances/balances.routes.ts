import { formatUsdc } from "@orrery/common/contracts/money";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { BalanceService } from "./balance-service.ts";
import { BalanceParams, BalanceReply } from "./balances.schemas.ts";

export function registerBalanceRoutes(app: ServiceApp, balances: BalanceService): void {
  app.route({
    ...routeOf("getBalance"),
    schema: { params: BalanceParams, response: { 200: BalanceReply } },
    handler: async (request) => {
      const { userId } = request.params;
      const balance = await balances.get(request.context.tenantId, userId);
      return {
        userId,
        contractId: balance.contractId,
        balanceUsdc: formatUsdc(balance.balanceStroops),
        ledger: balance.ledger,
        pendingUsdc: formatUsdc(balance.pendingStroops),
      };
    },
  });
}
