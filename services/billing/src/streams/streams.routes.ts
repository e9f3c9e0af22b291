import { decodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { API_PREFIX, type OperationId } from "@orrery/common/contracts/operations";
import {
  type Answer,
  effectIdOf,
  effectOf,
  sendAnswer,
} from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { SettlingAction } from "@orrery/common/repositories/stream/stream";
import { waitPreferenceOf } from "../deductions/deduction.ts";
import { isConsumerId } from "../identifiers.schemas.ts";
import { newStreamOf } from "./create-stream-body.ts";
import { streamReply, streamsReply } from "./stream-reply.ts";
import type { StreamOutcome, StreamService } from "./stream-service.ts";
import {
  ActionBody,
  CreateStreamBody,
  StreamParams,
  StreamReply,
  StreamsQuery,
  StreamsReply,
} from "./streams.schemas.ts";

export function registerStreamRoutes(app: ServiceApp, streams: StreamService): void {
  app.route({
    ...routeOf("createStream", { effect: "transaction" }),
    schema: { body: CreateStreamBody, response: { 201: StreamReply } },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const effect = effectOf(reply, created);
      const reading = await streams.create(tenantId, newStreamOf(request.body), effect);
      return sendAnswer(reply, created(reading));
    },
  });

  app.route({
    ...routeOf("listStreams"),
    schema: { querystring: StreamsQuery, response: { 200: StreamsReply } },
    handler: async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = { limit, ...(cursor && { after: decodeTimeCursor(cursor, isConsumerId) }) };
      return streamsReply(await streams.list(request.context.tenantId, filter, page), limit);
    },
  });

  app.route({
    ...routeOf("getStream"),
    schema: { params: StreamParams, response: { 200: StreamReply } },
    handler: async (request) =>
      streamReply(await streams.get(request.context.tenantId, request.params.streamId)),
  });

  // Of their own: they have no body, whatever type it is announced to be of.
  app.register(async (actions: ServiceApp) => {
    acceptNoBody(actions);
    registerMoves(actions, streams);
    registerSettlements(actions, streams);
    registerWithdrawal(actions, streams);
  });
}

/** No body is an empty one, also when it is announced as JSON, as many clients do. */
function acceptNoBody(app: ServiceApp): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null);
    else void parse(request, String(body), done);
  });
  app.addHook("preValidation", async (request) => {
    request.body ??= {};
  });
}

type StreamReading = Awaited<ReturnType<StreamService["get"]>>;

const ACTION_SCHEMA = { params: StreamParams, body: ActionBody } as const;

function registerMoves(app: ServiceApp, streams: StreamService): void {
  for (const [operation, action] of [
    ["startStream", "start"],
    ["pauseStream", "pause"],
  ] as const) {
    app.route({
      ...routeOf(operation, { effect: "transaction" }),
      schema: { ...ACTION_SCHEMA, response: { 200: StreamReply } },
      handler: async (request, reply) => {
        const { tenantId } = request.context;
        const effect = effectOf(reply, done);
        const reading = await streams.move(tenantId, request.params.streamId, action, effect);
        return sendAnswer(reply, done(reading));
      },
    });
  }
}

const SETTLING: readonly [OperationId, SettlingAction][] = [
  ["stopStream", "stop"],
  ["settleStream", "settle"],
  ["cancelStream", "cancel"],
];

function registerSettlements(app: ServiceApp, streams: StreamService): void {
  for (const [operation, action] of SETTLING) {
    app.route({
      ...routeOf(operation, { isRequired: action === "settle" }),
      schema: { ...ACTION_SCHEMA, response: { 200: StreamReply, 202: StreamReply } },
      handler: async (request, reply) => {
        const { waitMs, applied } = waitPreferenceOf(request.headers["prefer"]);
        if (applied !== undefined) reply.header("preference-applied", applied);
        const { tenantId } = request.context;
        const { streamId } = request.params;
        return sendAnswer(reply, outcome(await streams.settle(tenantId, streamId, action, waitMs)));
      },
    });
  }
}

function registerWithdrawal(app: ServiceApp, streams: StreamService): void {
  app.route({
    ...routeOf("withdrawStream", { isRequired: true }),
    schema: { ...ACTION_SCHEMA, response: { 200: StreamReply, 202: StreamReply } },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const { streamId } = request.params;
      const withdrawn = await streams.withdraw(tenantId, streamId, effectIdOf(request));
      return sendAnswer(reply, outcome(withdrawn));
    },
  });
}

function created(reading: StreamReading): Answer {
  const headers = { location: streamLocation(reading) };
  return { status: 201, body: streamReply(reading), headers };
}

function done(reading: StreamReading): Answer {
  return { status: 200, body: streamReply(reading) };
}

function outcome({ status, reading }: StreamOutcome): Answer {
  if (status === "done") return done(reading);
  const headers = { location: streamLocation(reading), "retry-after": "1" };
  return { status: 202, body: streamReply(reading), headers };
}

function streamLocation({ stream }: StreamReading): string {
  return `${API_PREFIX}/streams/${encodeURIComponent(stream.id)}`;
}
