import { INTERNAL_PREFIX } from "@orrery/common/http/internal/internal-plugin";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { DeadLetterService } from "./dead-letter-service.ts";
import {
  DeadLetterParams,
  DeadLetterReplayReply,
  DeadLettersQuery,
  DeadLettersReply,
} from "./dead-letters.schemas.ts";

const PATH = `${INTERNAL_PREFIX}/events/dead-letters`;

/** For operators: never behind the gateway. Whoever registers them checks the credential. */
export function registerDeadLetterRoutes(app: ServiceApp, service: DeadLetterService): void {
  app.route({
    method: "GET",
    url: PATH,
    schema: { querystring: DeadLettersQuery, response: { 200: DeadLettersReply } },
    handler: async (request) => {
      const letters = await service.list(request.query.limit);
      return {
        data: letters.map(({ event: { id, occurredAt, ...event }, buriedAt, ...letter }) => ({
          ...letter,
          ...event,
          eventId: id,
          occurredAt: occurredAt.toISOString(),
          buriedAt: buriedAt.toISOString(),
        })),
      };
    },
  });

  app.route({
    method: "POST",
    url: `${PATH}/:group/:tenantId/:eventId/replay`,
    schema: { params: DeadLetterParams, response: { 200: DeadLetterReplayReply } },
    handler: (request) => service.replay(request.params),
  });

  app.route({
    method: "DELETE",
    url: `${PATH}/:group/:tenantId/:eventId`,
    schema: { params: DeadLetterParams },
    handler: async (request, reply) => {
      await service.forget(request.params);
      return reply.code(204).send();
    },
  });
}
