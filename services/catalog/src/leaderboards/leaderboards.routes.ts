import { sendCached } from "@orrery/common/cache/send-cached";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { LeaderboardService } from "./leaderboard-service.ts";
import { BoardParams, BoardQuery, BoardReply } from "./leaderboards.schemas.ts";

export function registerLeaderboardRoutes(app: ServiceApp, boards: LeaderboardService): void {
  app.route({
    ...routeOf("getLeaderboard"),
    schema: { params: BoardParams, querystring: BoardQuery, response: { 200: BoardReply } },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const board = await boards.read(tenantId, request.params.type, request.query);
      return sendCached(request, reply, board);
    },
  });
}
