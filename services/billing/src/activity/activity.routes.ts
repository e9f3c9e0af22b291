import { isUuid } from "@orrery/common/contracts/id";
import { decodeTimeCursor, encodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { Static } from "typebox";
import { StreamParams } from "../streams/streams.schemas.ts";
import { ActivityPageReply, ActivityQuery, StreamActivityQuery } from "./activity.schemas.ts";
import type { ActivityService } from "./activity-service.ts";

export function registerActivityRoutes(app: ServiceApp, activity: ActivityService): void {
  app.route({
    ...routeOf("listActivity"),
    schema: { querystring: ActivityQuery, response: { 200: ActivityPageReply } },
    handler: async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const { tenantId } = request.context;
      return pageReply(await activity.list(tenantId, filter, pageOf(limit, cursor)), limit);
    },
  });

  app.route({
    ...routeOf("listStreamActivity"),
    schema: {
      params: StreamParams,
      querystring: StreamActivityQuery,
      response: { 200: ActivityPageReply },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const { tenantId } = request.context;
      const page = pageOf(limit, cursor);
      return pageReply(await activity.listOfStream(tenantId, request.params.streamId, page), limit);
    },
  });
}

type ActivityPage = Awaited<ReturnType<ActivityService["list"]>>;
type PageRequest = Parameters<ActivityService["list"]>[2];

function pageOf(limit: number, cursor: string | undefined): PageRequest {
  return cursor === undefined ? { limit } : { limit, after: decodeTimeCursor(cursor, isUuid) };
}

function pageReply(
  { events, hasNext, total }: ActivityPage,
  limit: number,
): Static<typeof ActivityPageReply> {
  const last = events.at(-1);
  const nextCursor =
    hasNext && last !== undefined ? encodeTimeCursor({ at: last.happenedAt, id: last.id }) : null;
  return {
    data: events.map((event) => ({
      id: event.id,
      type: event.type,
      streamId: event.streamId,
      happenedAt: event.happenedAt.toISOString(),
      details: event.details,
    })),
    meta: { limit, hasNext, nextCursor, total },
  };
}
