import { systemClock } from "@orrery/common/contracts/clock";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { contextPlugin } from "@orrery/common/http/context-plugin";
import { Health } from "@orrery/common/http/health";
import { idempotencyPlugin } from "@orrery/common/http/idempotency/idempotency-plugin";
import { routeOf } from "@orrery/common/http/operation-route";
import { createServiceApp } from "@orrery/common/http/service-app";
import { createRegistry } from "@orrery/common/observability/metrics";
import { composeIdempotency } from "@orrery/common/repositories/idempotency/compose";
import Fastify from "fastify";
import type { PlainBoardPlan } from "./plain-board-plan.ts";

// A process of its own: serves the plan of its environment until it is stopped.

const plan = JSON.parse(process.env.BOARD_PLAN ?? "") as PlainBoardPlan;
const HOST = "127.0.0.1";
const JSON_TYPE = "application/json; charset=utf-8";
const body = Buffer.from(plan.body);

const app = plan.isBare ? bareApp() : appWithPlugins();
await app.listen({ host: HOST, port: plan.port });

function bareApp() {
  const bare = Fastify();
  bare.get("/readyz", async () => "ready");
  bare.get(`${API_PREFIX}/leaderboard/:type`, (_request, reply) => {
    void reply.type(JSON_TYPE).send(body);
  });
  return bare;
}

/** What the catalog has around every route of its own, and a route that sends the same headers. */
function appWithPlugins() {
  const health = new Health([], "bench");
  health.markStarted();
  const registry = createRegistry();
  const service = createServiceApp({ service: "catalog", logLevel: "info", health, registry });
  service.register(
    async (api) => {
      const keys = parseContextKeys(plan.contextKeys);
      await api.register(contextPlugin, { audience: "catalog", keys, clock: systemClock });
      const { store } = composeIdempotency({ database: undefined, onError: () => {} });
      await api.register(idempotencyPlugin, { store });
      api.route({
        ...routeOf("getLeaderboard"),
        handler: (_request, reply) =>
          reply
            .header("etag", plan.etag)
            .header("cache-control", "private, no-cache")
            .header("x-cache", "hit")
            .type(JSON_TYPE)
            .send(body),
      });
    },
    { prefix: API_PREFIX },
  );
  return service;
}
