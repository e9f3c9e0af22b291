import { isUuid } from "@orrery/common/contracts/id";
import { decodeTimeCursor, encodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { formatUsdc } from "@orrery/common/contracts/money";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { Static } from "typebox";
import type { SettlementService } from "./settlement-service.ts";
import {
  SettlementParams,
  SettlementReply,
  SettlementsQuery,
  SettlementsReply,
} from "./settlements.schemas.ts";

export function registerSettlementRoutes(app: ServiceApp, settlements: SettlementService): void {
  app.route({
    ...routeOf("listSettlements"),
    schema: { querystring: SettlementsQuery, response: { 200: SettlementsReply } },
    handler: async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const after = cursor === undefined ? undefined : decodeTimeCursor(cursor, isUuid);
      const { tenantId } = request.context;
      const page = await settlements.list(tenantId, filter, { limit, after });
      const last = page.settlements.at(-1);
      const nextCursor =
        page.hasNext && last !== undefined
          ? encodeTimeCursor({ at: last.openedAt, id: last.id })
          : null;
      const { hasNext, total } = page;
      return {
        data: page.settlements.map(settlementReply),
        meta: { limit, hasNext, nextCursor, total },
      };
    },
  });

  app.route({
    ...routeOf("getSettlement"),
    schema: { params: SettlementParams, response: { 200: SettlementReply } },
    handler: async (request) =>
      settlementReply(await settlements.get(request.context.tenantId, request.params.settlementId)),
  });
}

function settlementReply(
  settlement: Awaited<ReturnType<SettlementService["get"]>>,
): Static<typeof SettlementReply> {
  const { id, apiId, payee, vaultContractId, state, failure, failureCount } = settlement;
  return {
    settlementId: id,
    apiId,
    payoutAddress: payee,
    contractId: vaultContractId,
    state,
    count: settlement.eventCount,
    amountUsdc: formatUsdc(settlement.amountStroops),
    stellarTxHash: settlement.txHash ?? null,
    ledger: settlement.ledger ?? null,
    openedAt: settlement.openedAt.toISOString(),
    closesAt: settlement.closesAt.toISOString(),
    ...timeOf("closedAt", settlement.closedAt),
    ...timeOf("settledAt", settlement.settledAt),
    ...(failure === undefined ? {} : { failure }),
    failureCount,
    ...timeOf("retryAt", settlement.retryAt),
    ...(settlement.splitFrom === undefined ? {} : { splitFrom: settlement.splitFrom }),
  };
}

function timeOf<Name extends string>(name: Name, at: Date | undefined) {
  return (at === undefined ? {} : { [name]: at.toISOString() }) as { [key in Name]?: string };
}
