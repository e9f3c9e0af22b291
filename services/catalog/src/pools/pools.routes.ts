import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { poolReply, predictionReply } from "./pool.ts";
import type { PoolService } from "./pool-service.ts";
import {
  CloseBody,
  CreatePoolBody,
  PoolParams,
  PoolReply,
  PredictionBody,
  PredictionReply,
  SettleBody,
} from "./pools.schemas.ts";

/** A repeated event answers 200 where its first delivery answered 201. */
const statusOf = ({ sequence }: { sequence: bigint | undefined }) =>
  sequence === undefined ? 200 : 201;

export function registerPoolRoutes(app: ServiceApp, pools: PoolService): void {
  app.route({
    ...routeOf("createPool"),
    schema: { body: CreatePoolBody, response: { 200: PoolReply, 201: PoolReply } },
    handler: async (request, reply) => {
      const written = await pools.create(request.context.tenantId, request.body);
      return reply.code(statusOf(written)).send(poolReply(written.value));
    },
  });

  app.route({
    ...routeOf("getPool"),
    schema: { params: PoolParams, response: { 200: PoolReply } },
    handler: async (request) => poolReply(await pools.get(request.params.poolId)),
  });

  app.route({
    ...routeOf("placePrediction"),
    schema: {
      params: PoolParams,
      body: PredictionBody,
      response: { 200: PredictionReply, 201: PredictionReply },
    },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const written = await pools.placePrediction(tenantId, request.params.poolId, request.body);
      return reply.code(statusOf(written)).send(predictionReply(written.value));
    },
  });

  app.route({
    ...routeOf("closePool"),
    schema: { params: PoolParams, body: CloseBody, response: { 200: PoolReply } },
    handler: async (request) => {
      const { tenantId } = request.context;
      const { eventId } = request.body;
      return poolReply((await pools.close(tenantId, request.params.poolId, eventId)).value);
    },
  });

  app.route({
    ...routeOf("settlePool"),
    schema: { params: PoolParams, body: SettleBody, response: { 200: PoolReply } },
    handler: async (request) => {
      const { tenantId } = request.context;
      return poolReply((await pools.settle(tenantId, request.params.poolId, request.body)).value);
    },
  });
}
