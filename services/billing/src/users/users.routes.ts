import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { User } from "@orrery/common/repositories/stream/user";
import type { Static } from "typebox";
import type { UserService } from "./user-service.ts";
import { PutUserBody, UserParams, UserReply } from "./users.schemas.ts";

export function registerUserRoutes(app: ServiceApp, users: UserService): void {
  app.route({
    ...routeOf("putUser"),
    schema: {
      params: UserParams,
      body: PutUserBody,
      response: { 200: UserReply, 201: UserReply },
    },
    handler: async (request, reply) => {
      const { user, isNew } = await users.put(request.context.tenantId, {
        ...request.params,
        ...request.body,
      });
      return reply.code(isNew ? 201 : 200).send(userReply(user));
    },
  });

  app.route({
    ...routeOf("getUser"),
    schema: { params: UserParams, response: { 200: UserReply } },
    handler: async (request) =>
      userReply(await users.get(request.context.tenantId, request.params.walletAddress)),
  });
}

function userReply(user: User): Static<typeof UserReply> {
  return {
    walletAddress: user.walletAddress,
    displayName: user.displayName ?? null,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}
