import { decodeTimeCursor, encodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { effectOf, sendAnswer } from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { isIdentifier } from "../fields.schemas.ts";
import { createdAnswer, movedAnswer, placedAnswer, poolReply } from "./pool.ts";
import type { PoolService } from "./pool-service.ts";
import {
  CloseBody,
  CreatePoolBody,
  PoolParams,
  PoolReply,
  PoolsQuery,
  PoolsReply,
  PredictionBody,
  PredictionReply,
  SettleBody,
} from "./pools.schemas.ts";

/** Every write of a pool is one transaction. */
const JOINED = { effect: "transaction" } as const;

export function registerPoolRoutes(app: ServiceApp, pools: PoolService): void {
  app.route({
    ...routeOf("createPool", JOINED),
    schema: { body: CreatePoolBody, response: { 200: PoolReply, 201: PoolReply } },
    handler: async (request, reply) => {
      const effect = effectOf(reply, createdAnswer);
      const created = await pools.create(request.context.tenantId, request.body, effect);
      return sendAnswer(reply, createdAnswer(created));
    },
  });

  app.route({
    ...routeOf("listPools"),
    schema: { querystring: PoolsQuery, response: { 200: PoolsReply } },
    handler: async (request) => {
      const { limit, cursor, sort, ...filter } = request.query;
      const after = cursor === undefined ? {} : { after: decodeTimeCursor(cursor, isIdentifier) };
      const page = await pools.list(filter, { sort, limit, ...after });
      const { hasNext, total, next } = page;
      const nextCursor = next === undefined ? null : encodeTimeCursor(next);
      return { data: page.pools.map(poolReply), meta: { limit, hasNext, nextCursor, total } };
    },
  });

  app.route({
    ...routeOf("getPool"),
    schema: { params: PoolParams, response: { 200: PoolReply } },
    handler: async (request) => poolReply(await pools.get(request.params.poolId)),
  });

  app.route({
    ...routeOf("placePrediction", JOINED),
    schema: {
      params: PoolParams,
      body: PredictionBody,
      response: { 200: PredictionReply, 201: PredictionReply },
    },
    handler: async (request, reply) => {
      const { context, params, body } = request;
      const effect = effectOf(reply, placedAnswer);
      const placed = await pools.placePrediction(context.tenantId, params.poolId, body, effect);
      return sendAnswer(reply, placedAnswer(placed));
    },
  });

  app.route({
    ...routeOf("closePool", JOINED),
    schema: { params: PoolParams, body: CloseBody, response: { 200: PoolReply } },
    handler: async (request, reply) => {
      const { context, params, body } = request;
      const effect = effectOf(reply, movedAnswer);
      const closed = await pools.close(context.tenantId, params.poolId, body.eventId, effect);
      return sendAnswer(reply, movedAnswer(closed));
    },
  });

  app.route({
    ...routeOf("settlePool", JOINED),
    schema: { params: PoolParams, body: SettleBody, response: { 200: PoolReply } },
    handler: async (request, reply) => {
      const { context, params, body } = request;
      const effect = effectOf(reply, movedAnswer);
      const settled = await pools.settle(context.tenantId, params.poolId, body, effect);
      return sendAnswer(reply, movedAnswer(settled));
    },
  });
}
