import { ProblemError } from "@orrery/common/contracts/errors";
import { INTERNAL_PREFIX, internalPlugin } from "@orrery/common/http/internal-plugin";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { IndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository";
import type {
  KeptEvent,
  RejectedEventRepository,
} from "@orrery/common/repositories/indexer/rejected-event-repository";
import type { EventIngest, IngestResult } from "./event-ingest.ts";
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

export interface InternalServices {
  readonly ingest: EventIngest;
  readonly positions: IndexerPositionRepository;
  readonly rejected: RejectedEventRepository;
}

/** A thousand events of two kilobytes. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/** For operators, indexers and partners: never behind the gateway. */
export async function registerInternalRoutes(
  app: ServiceApp,
  tokens: readonly string[],
  { ingest, positions, rejected }: InternalServices,
): Promise<void> {
  await app.register(internalPlugin, { tokens });

  app.route({
    method: "POST",
    url: `${INTERNAL_PREFIX}/events`,
    bodyLimit: BODY_LIMIT_BYTES,
    schema: { body: EventsBody, response: { 200: EventsReply } },
    handler: async (request) => {
      const results: (IngestResult & { eventId: string | null })[] = [];
      // One after the other: an event may need what the one before it made.
      for (const event of request.body.events) {
        const result = await ingest.apply(event, { isVerified: false });
        results.push({ eventId: eventIdOf(event), ...result });
      }
      return { results };
    },
  });

  app.route({
    method: "GET",
    url: `${INTERNAL_PREFIX}/events/rejected`,
    schema: { querystring: RejectedQuery, response: { 200: RejectedReply } },
    handler: async (request) => {
      const events = await rejected.list(request.query.limit);
      return { data: events.map(rejectedReply) };
    },
  });

  app.route({
    method: "POST",
    url: `${INTERNAL_PREFIX}/events/rejected/:tenantId/:eventId/replay`,
    schema: { params: RejectedParams, response: { 200: ReplayReply } },
    handler: async (request) => {
      const kept = await findKept(rejected, request.params);
      const { tenantId, eventId, source, event } = kept;
      const result = await ingest.apply(event, { isVerified: source === "indexer" });
      if (result.status !== "rejected") {
        await rejected.drop(tenantId, eventId);
        return result;
      }
      const { code, detail } = result;
      await rejected.keep({ tenantId, eventId, source, event, code, detail });
      return result;
    },
  });

  app.route({
    method: "DELETE",
    url: `${INTERNAL_PREFIX}/events/rejected/:tenantId/:eventId`,
    schema: { params: RejectedParams },
    handler: async (request, reply) => {
      const { tenantId, eventId } = await findKept(rejected, request.params);
      await rejected.drop(tenantId, eventId);
      return reply.code(204).send();
    },
  });

  app.route({
    method: "GET",
    url: `${INTERNAL_PREFIX}/indexer`,
    schema: { response: { 200: IndexerReply } },
    handler: async () => ({
      data: (await positions.list()).map(({ contractId, ledger, updatedAt, gaps }) => ({
        contractId,
        ledger,
        updatedAt: updatedAt.toISOString(),
        gaps: gaps.map(({ fromLedger, toLedger }) => ({ fromLedger, toLedger })),
      })),
    }),
  });

  app.route({
    method: "POST",
    url: `${INTERNAL_PREFIX}/indexer/:contractId/rewind`,
    schema: { params: RewindParams, body: RewindBody },
    handler: async (request, reply) => {
      const { contractId } = request.params;
      if (!(await positions.rewind(contractId, request.body.ledger))) {
        throw new ProblemError("contract_not_followed", `Nobody follows ${contractId}.`);
      }
      return reply.code(204).send();
    },
  });
}

/** @throws {ProblemError} event_not_found */
async function findKept(
  rejected: RejectedEventRepository,
  { tenantId, eventId }: { tenantId: string; eventId: string },
): Promise<KeptEvent> {
  const kept = await rejected.find(tenantId, eventId);
  if (kept !== undefined) return kept;
  throw new ProblemError("event_not_found", "No rejected event has this id.");
}

function rejectedReply({ rejectedAt, ...event }: KeptEvent) {
  return { ...event, rejectedAt: rejectedAt.toISOString() };
}

/** What of an event that may be anything is its id. */
function eventIdOf(event: unknown): string | null {
  const isObject = typeof event === "object" && event !== null;
  const id = isObject && "eventId" in event ? event.eventId : undefined;
  return typeof id === "string" ? id.slice(0, 255) : null;
}
