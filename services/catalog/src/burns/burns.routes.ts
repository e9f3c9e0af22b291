import { effectOf, sendAnswer } from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { TokenParams } from "../tokens/tokens.schemas.ts";
import { recordedAnswer } from "./burn.ts";
import type { BurnService } from "./burn-service.ts";
import { BurnBody, BurnReply } from "./burns.schemas.ts";

export function registerBurnRoutes(app: ServiceApp, burns: BurnService): void {
  app.route({
    ...routeOf("recordBurn", { effect: "transaction" }),
    schema: {
      params: TokenParams,
      body: BurnBody,
      response: { 200: BurnReply, 201: BurnReply },
    },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const effect = effectOf(reply, recordedAnswer);
      const { address } = request.params;
      const recorded = await burns.record(tenantId, address, request.body, effect && { effect });
      return sendAnswer(reply, recordedAnswer(recorded));
    },
  });
}
