import { isUuid } from "@orrery/common/contracts/id";
import { decodeCursor, decodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { isConsumerId } from "../identifiers.schemas.ts";
import { windowOf } from "../time-window.ts";
import { SummaryQuery, SummaryReply, UsagePageReply, UsageQuery } from "./usage.schemas.ts";
import { summaryReply, usagePageReply } from "./usage-reply.ts";
import type { UsageService } from "./usage-service.ts";

export function registerUsageRoutes(app: ServiceApp, usage: UsageService): void {
  app.route({
    ...routeOf("listUsage"),
    schema: { querystring: UsageQuery, response: { 200: UsagePageReply } },
    handler: async (request) => {
      const { limit, cursor, from, to, ...fields } = request.query;
      const after = cursor === undefined ? undefined : decodeTimeCursor(cursor, isUuid);
      const filter = { ...fields, ...windowOf(from, to) };
      const page = await usage.list(request.context.tenantId, filter, { limit, after });
      return usagePageReply(page, limit);
    },
  });

  app.route({
    ...routeOf("summariseUsage"),
    schema: { querystring: SummaryQuery, response: { 200: SummaryReply } },
    handler: async (request) => {
      const { groupBy, limit, cursor, from, to, ...fields } = request.query;
      const isKey = groupBy === "day" ? isDay : isConsumerId;
      const afterKey = cursor === undefined ? undefined : decodeCursor(cursor, isKey);
      const filter = { ...fields, ...windowOf(from, to) };
      const page = { limit, afterKey };
      const summary = await usage.summarise(request.context.tenantId, groupBy, filter, page);
      return summaryReply(summary, groupBy, limit);
    },
  });
}

const isDay = (key: string) => /^\d{4}-\d{2}-\d{2}$/.test(key);
