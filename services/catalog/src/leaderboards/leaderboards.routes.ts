import { sendCached } from "@orrery/common/cache/send-cached";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { LiveBoards } from "../live/live-boards.ts";
import type { LeaderboardService } from "./leaderboard-service.ts";
import { BoardParams, BoardQuery, BoardReply } from "./leaderboards.schemas.ts";

export function registerLeaderboardRoutes(
  app: ServiceApp,
  boards: LeaderboardService,
  live: LiveBoards,
): void {
  app.route({
    ...routeOf("getLeaderboard"),
    schema: { params: BoardParams, querystring: BoardQuery, response: { 200: BoardReply } },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const board = await boards.read(tenantId, request.params.type, request.query);
      return sendCached(request, reply, board);
    },
  });

  app.route({
    ...routeOf("watchLeaderboard"),
    schema: { params: BoardParams, querystring: BoardQuery },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const lastEventId = request.headers["last-event-id"];
      const events = await live.listen(
        tenantId,
        request.params.type,
        request.query,
        lastEventId === undefined ? undefined : String(lastEventId),
      );
      return reply
        .type("text/event-stream; charset=utf-8")
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no")
        .send(events);
    },
  });
}
