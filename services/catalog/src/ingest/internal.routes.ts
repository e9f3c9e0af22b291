import { INTERNAL_PREFIX, internalPlugin } from "@orrery/common/http/internal/internal-plugin";
import type { ServiceApp } from "@orrery/common/http/service-app";
import {
  EventsBody,
  EventsReply,
  IndexerReply,
  RejectedParams,
  RejectedQuery,
  RejectedReply,
  ReplayReply,
  RewindBody,
  RewindParams,
} from "./internal.schemas.ts";
import type { InternalService } from "./internal-service.ts";

/** A thousand events of two kilobytes. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/** For operators, indexers and partners: never behind the gateway. */
export async function registerInternalRoutes(
  app: ServiceApp,
  tokens: readonly string[],
  service: InternalService,
): Promise<void> {
  await app.register(internalPlugin, { tokens });
  registerEventRoutes(app, service);
  registerIndexerRoutes(app, service);
}

function registerEventRoutes(app: ServiceApp, service: InternalService): void {
  app.route({
    method: "POST",
    url: `${INTERNAL_PREFIX}/events`,
    bodyLimit: BODY_LIMIT_BYTES,
    schema: { body: EventsBody, response: { 200: EventsReply } },
    handler: async (request) => ({ results: await service.apply(request.body.events) }),
  });

  app.route({
    method: "GET",
    url: `${INTERNAL_PREFIX}/events/rejected`,
    schema: { querystring: RejectedQuery, response: { 200: RejectedReply } },
    handler: async (request) => {
      const events = await service.listRejected(request.query.limit);
      return {
        data: events.map(({ rejectedAt, ...event }) => ({
          ...event,
          rejectedAt: rejectedAt.toISOString(),
        })),
      };
    },
  });

  app.route({
    method: "POST",
    url: `${INTERNAL_PREFIX}/events/rejected/:tenantId/:eventId/replay`,
    schema: { params: RejectedParams, response: { 200: ReplayReply } },
    handler: (request) => service.replay(request.params.tenantId, request.params.eventId),
  });

  app.route({
    method: "DELETE",
    url: `${INTERNAL_PREFIX}/events/rejected/:tenantId/:eventId`,
    schema: { params: RejectedParams },
    handler: async (request, reply) => {
      await service.forget(request.params.tenantId, request.params.eventId);
      return reply.code(204).send();
    },
  });
}

function registerIndexerRoutes(app: ServiceApp, service: InternalService): void {
  app.route({
    method: "GET",
    url: `${INTERNAL_PREFIX}/indexer`,
    schema: { response: { 200: IndexerReply } },
    handler: async () => ({
      data: (await service.listFollowed()).map(
        ({ contractId, ledger, cursor = null, updatedAt, gaps }) => ({
          contractId,
          ledger,
          cursor,
          updatedAt: updatedAt.toISOString(),
          gaps: gaps.map(({ fromLedger, toLedger }) => ({ fromLedger, toLedger })),
        }),
      ),
    }),
  });

  app.route({
    method: "POST",
    url: `${INTERNAL_PREFIX}/indexer/:contractId/rewind`,
    schema: { params: RewindParams, body: RewindBody },
    handler: async (request, reply) => {
      await service.rewind(request.params.contractId, request.body.ledger);
      return reply.code(204).send();
    },
  });
}
