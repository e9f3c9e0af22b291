import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { TokenParams } from "../tokens/tokens.schemas.ts";
import { burnReply } from "./burn.ts";
import type { BurnService } from "./burn-service.ts";
import { BurnBody, BurnReply } from "./burns.schemas.ts";

export function registerBurnRoutes(app: ServiceApp, burns: BurnService): void {
  app.route({
    ...routeOf("recordBurn"),
    schema: {
      params: TokenParams,
      body: BurnBody,
      response: { 200: BurnReply, 201: BurnReply },
    },
    handler: async (request, reply) => {
      const { burn, sequence } = await burns.record(
        request.context.tenantId,
        request.params.address,
        request.body,
      );
      return reply.code(sequence === undefined ? 200 : 201).send(burnReply(burn));
    },
  });
}
