import { isUuid } from "@orrery/common/contracts/id";
import { isTenantId } from "@orrery/common/contracts/tenant-id";
import { effectOf, sendAnswer } from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { Type } from "typebox";
import {
  KeyBody,
  KeyPageReply,
  KeyParams,
  NewKeyReply,
  PageQuery,
  RollBody,
  RolledKeyReply,
  TenantBody,
  TenantPageReply,
  TenantParams,
  TenantReply,
} from "./admin.schemas.ts";
import {
  createdKeyAnswer,
  createdTenantAnswer,
  keyReply,
  pageReply,
  rolledKeyAnswer,
  tenantReply,
} from "./admin-reply.ts";
import { adminCallOf, afterIdOf } from "./admin-request.ts";
import type { AdminService } from "./admin-service.ts";

/** The calls about tenants and their API keys. */
export function registerAdminRoutes(app: ServiceApp, admin: AdminService): void {
  registerTenantRoutes(app, admin);
  registerKeyRoutes(app, admin);
}

function registerTenantRoutes(app: ServiceApp, admin: AdminService): void {
  app.route({
    ...routeOf("createTenant", { effect: "transaction" }),
    schema: { body: TenantBody, response: { 201: TenantReply } },
    handler: async (request, reply) => {
      const effect = effectOf(reply, createdTenantAnswer);
      const tenant = await admin.createTenant(adminCallOf(request), request.body, effect);
      return sendAnswer(reply, createdTenantAnswer(tenant));
    },
  });

  app.route({
    ...routeOf("listTenants"),
    schema: { querystring: PageQuery, response: { 200: TenantPageReply } },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const page = await admin.listTenants({ limit, afterId: afterIdOf(cursor, isTenantId) });
      return pageReply(limit, { ...page, items: page.tenants }, tenantReply);
    },
  });

  app.route({
    ...routeOf("getTenant"),
    schema: { params: TenantParams, response: { 200: TenantReply } },
    handler: async (request) => tenantReply(await admin.getTenant(request.params.tenantId)),
  });
}

function registerKeyRoutes(app: ServiceApp, admin: AdminService): void {
  app.route({
    ...routeOf("createApiKey", { effect: "transaction" }),
    schema: { params: TenantParams, body: KeyBody, response: { 201: NewKeyReply } },
    handler: async (request, reply) => {
      const effect = effectOf(reply, createdKeyAnswer);
      const { tenantId } = request.params;
      const call = adminCallOf(request);
      const { key, text } = await admin.createKey(call, tenantId, request.body, effect);
      return sendAnswer(reply, createdKeyAnswer(key, text));
    },
  });

  app.route({
    ...routeOf("rollApiKey", { effect: "transaction" }),
    schema: { params: KeyParams, body: RollBody, response: { 201: RolledKeyReply } },
    handler: async (request, reply) => {
      const effect = effectOf(reply, rolledKeyAnswer);
      const { tenantId, keyId } = request.params;
      const call = adminCallOf(request);
      const { text, ...rolled } = await admin.rollKey(call, tenantId, keyId, request.body, effect);
      return sendAnswer(reply, rolledKeyAnswer(rolled, text));
    },
  });

  app.route({
    ...routeOf("listApiKeys"),
    schema: { params: TenantParams, querystring: PageQuery, response: { 200: KeyPageReply } },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const afterId = afterIdOf(cursor, isUuid);
      const page = await admin.listKeys(request.params.tenantId, { limit, afterId });
      return pageReply(limit, { ...page, items: page.keys }, keyReply);
    },
  });

  app.route({
    ...routeOf("revokeApiKey"),
    schema: { params: KeyParams, response: { 204: Type.Null() } },
    handler: async (request, reply) => {
      const { tenantId, keyId } = request.params;
      await admin.revokeKey(adminCallOf(request), tenantId, keyId);
      return reply.code(204).send(null);
    },
  });
}
