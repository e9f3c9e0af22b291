import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { Type } from "typebox";
import type { LimitSettings } from "../limits/limit.ts";
import { LimitsBody, LimitsReply, TenantParams } from "./admin.schemas.ts";
import { limitsReply } from "./admin-reply.ts";
import { adminCallOf } from "./admin-request.ts";
import type { TenantLimitService } from "./tenant-limit-service.ts";

/** The calls about limits of single tenants; `perMinute`: those of the deployment. */
export function registerTenantLimitRoutes(
  app: ServiceApp,
  limits: TenantLimitService,
  perMinute: LimitSettings,
): void {
  app.route({
    ...routeOf("getTenantLimits"),
    schema: { params: TenantParams, response: { 200: LimitsReply } },
    handler: async ({ params: { tenantId } }) =>
      limitsReply(tenantId, await limits.get(tenantId), perMinute),
  });

  app.route({
    ...routeOf("putTenantLimits"),
    schema: { params: TenantParams, body: LimitsBody, response: { 200: LimitsReply } },
    handler: async (request) => {
      const { tenantId } = request.params;
      const put = await limits.put(adminCallOf(request), tenantId, request.body);
      return limitsReply(tenantId, put, perMinute);
    },
  });

  app.route({
    ...routeOf("deleteTenantLimits"),
    schema: { params: TenantParams, response: { 204: Type.Null() } },
    handler: async (request, reply) => {
      await limits.remove(adminCallOf(request), request.params.tenantId);
      return reply.code(204).send(null);
    },
  });
}
