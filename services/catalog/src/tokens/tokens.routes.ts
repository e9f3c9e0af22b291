import { sendCached } from "@orrery/common/cache/send-cached";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { tokenReply } from "./token.ts";
import type { TokenService } from "./token-service.ts";
import {
  CreateTokenBody,
  SearchQuery,
  SearchReply,
  TokenParams,
  TokenReply,
} from "./tokens.schemas.ts";

export function registerTokenRoutes(app: ServiceApp, tokens: TokenService): void {
  app.route({
    ...routeOf("createToken"),
    schema: { body: CreateTokenBody, response: { 201: TokenReply } },
    handler: async (request, reply) => {
      const token = await tokens.create(request.context.tenantId, request.body);
      return reply
        .code(201)
        .header("location", `${request.routeOptions.url}/${encodeURIComponent(token.address)}`)
        .send(tokenReply(token));
    },
  });

  app.route({
    ...routeOf("searchTokens"),
    schema: { querystring: SearchQuery, response: { 200: SearchReply } },
    handler: async (request, reply) =>
      sendCached(request, reply, await tokens.search(request.context.tenantId, request.query)),
  });

  app.route({
    ...routeOf("getToken"),
    schema: { params: TokenParams, response: { 200: TokenReply } },
    handler: async (request) =>
      tokenReply(await tokens.get(request.context.tenantId, request.params.address)),
  });
}
