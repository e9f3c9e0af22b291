import { sendCached } from "@orrery/common/cache/send-cached";
import { effectOf, sendAnswer } from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { createdAnswer, tokenReply } from "./token.ts";
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
    ...routeOf("createToken", { effect: "transaction" }),
    schema: { body: CreateTokenBody, response: { 201: TokenReply } },
    handler: async (request, reply) => {
      const effect = effectOf(reply, createdAnswer);
      const token = await tokens.create(request.context.tenantId, request.body, effect);
      return sendAnswer(reply, createdAnswer({ token }));
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
