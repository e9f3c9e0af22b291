import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import fp from "fastify-plugin";
import { ProblemError } from "../../contracts/errors.ts";
import type { Operation } from "../../contracts/operations.ts";
import type { RequestContext } from "../../contracts/request-context.ts";
import type {
  IdempotencyStore,
  KeyedRequest,
} from "../../repositories/idempotency/idempotency-store.ts";
import {
  idempotencyScope,
  idempotencyToken,
  PLATFORM_TENANT,
} from "../../repositories/idempotency/idempotency-token.ts";
import "../operation-route.ts";
import { type Admission, IdempotencyGate } from "./idempotency-gate.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import type { IdempotencyRule } from "./idempotency-rule.ts";
import { fingerprintOf } from "./request-fingerprint.ts";

export interface IdempotencyPluginOptions {
  store: IdempotencyStore;
}

/** Of an operation's time-out, what is left to answer in. */
const ANSWER_MARGIN_MS = 2_000;

/**
 * Honours `Idempotency-Key` on every POST route of the encapsulating scope that is registered after it.
 * A request without one costs nothing. Must come after what sets `request.context`.
 * @throws {ProblemError} invalid_request, idempotency_key_required, idempotency_key_reused,
 *   idempotency_in_progress, secret_already_shown
 * @see docs/idempotency.md
 */
export const idempotencyPlugin = fp<IdempotencyPluginOptions>(
  async (app: FastifyInstance, { store }) => {
    const gate = new IdempotencyGate(store);
    app.decorateRequest("idempotency");
    app.addHook("preClose", async () => gate.close());
    app.addHook("onRoute", (route) => {
      const operation = route.config?.operation;
      if (route.method === "POST" && operation !== undefined) guard(route, operation, gate);
    });
  },
  { name: "orrery-idempotency", fastify: "5.x" },
);

function guard(route: RouteOptions, operation: Operation, gate: IdempotencyGate): void {
  const rule = route.config?.idempotency ?? {};
  route.config = { ...route.config, honoursKeys: true };
  const { handler } = route;
  const bodySchema = schemaOf(route.schema?.body);
  route.handler = function guarded(request, reply) {
    const key = readIdempotencyKey(request.raw);
    if (key !== undefined) {
      const admission = admissionOf(request, { key, operation, rule, bodySchema });
      return gate.pass(request, reply, admission, () => handler.call(this, request, reply));
    }
    if (rule.isRequired === true) {
      throw new ProblemError("idempotency_key_required", "Send an Idempotency-Key of your own.");
    }
    return handler.call(this, request, reply);
  };
  route.onSend = [
    ...[route.onSend ?? []].flat(),
    (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: OnSendDone) => {
      if (request.idempotency === undefined) done(null, payload);
      else void gate.finish(request, reply, payload).then(() => done(null, payload));
    },
  ];
}

function schemaOf(body: unknown): object {
  return typeof body === "object" && body !== null ? body : {};
}

type OnSendDone = (error: null, payload: unknown) => void;

interface KeyedRoute {
  readonly key: string;
  readonly operation: Operation;
  readonly rule: IdempotencyRule;
  readonly bodySchema: object;
}

function admissionOf(
  request: FastifyRequest,
  { key, operation, rule, bodySchema }: KeyedRoute,
): Admission {
  const { effect = "steps", waitMs = operation.timeoutMs - ANSWER_MARGIN_MS } = rule;
  // Administration acts for the platform: there is no tenant, and no context.
  const context: RequestContext | undefined = request.context;
  const tenantId = context?.tenantId ?? PLATFORM_TENANT;
  const route = operation.path;
  const params = request.params as Readonly<Record<string, string>>;
  const { method, query, body } = request;
  const keyed: KeyedRequest = {
    tenantId,
    token: idempotencyToken(idempotencyScope({ tenantId, route, params }), key),
    fingerprint: fingerprintOf({ method, route, params, query, body }, bodySchema),
  };
  return { keyed, effect, waitMs };
}
