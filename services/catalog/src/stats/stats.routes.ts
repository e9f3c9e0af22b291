import { sendCached } from "@orrery/common/cache/send-cached";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { StatsQuery, StatsReply } from "./stats.schemas.ts";
import type { StatsService } from "./stats-service.ts";

export function registerStatsRoutes(app: ServiceApp, stats: StatsService): void {
  app.route({
    ...routeOf("getStats"),
    schema: { querystring: StatsQuery, response: { 200: StatsReply } },
    handler: async (request, reply) => sendCached(request, reply, await stats.read(request.query)),
  });
}
