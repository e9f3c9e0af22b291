import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { Static } from "typebox";
import type { ApiService } from "./api-service.ts";
import { settlementFields, settlementTermsOf } from "./api-settlement.ts";
import { ApiParams, ApiReply, PutApiBody } from "./apis.schemas.ts";

export function registerApiRoutes(app: ServiceApp, apis: ApiService): void {
  app.route({
    ...routeOf("putApi"),
    schema: { params: ApiParams, body: PutApiBody, response: { 200: ApiReply, 201: ApiReply } },
    handler: async (request, reply) => {
      const { apiId } = request.params;
      const { name, payoutAddress, ...terms } = request.body;
      const settlement = settlementTermsOf(terms);
      const { api, isNew } = await apis.put(request.context.tenantId, {
        apiId,
        name,
        payoutAddress,
        settlement,
      });
      return reply.code(isNew ? 201 : 200).send(apiReply(api));
    },
  });

  app.route({
    ...routeOf("getApi"),
    schema: { params: ApiParams, response: { 200: ApiReply } },
    handler: async (request) =>
      apiReply(await apis.get(request.context.tenantId, request.params.apiId)),
  });
}

function apiReply(api: Awaited<ReturnType<ApiService["get"]>>): Static<typeof ApiReply> {
  const { apiId, name, payoutAddress, settlement, createdAt, updatedAt } = api;
  return {
    apiId,
    name,
    payoutAddress,
    ...settlementFields(settlement),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
