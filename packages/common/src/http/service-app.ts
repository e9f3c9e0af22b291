import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from "fastify";
import { ProblemError } from "../contracts/errors.ts";
import type { RequestContext } from "../contracts/request-context.ts";
import { registerHealthMetrics } from "../observability/health-metrics.ts";
import { LateChildLogger } from "../observability/late-child-logger.ts";
import { createPlainLogger, loggerOptions } from "../observability/logger.ts";
import { registerMetricsEndpoint } from "../observability/metrics.ts";
import type { AppMeasuring } from "../observability/observation.ts";
import { registerRequestMetrics } from "../observability/request-metrics.ts";
import { standardOutput } from "../observability/standard-output.ts";
import { answerClientError } from "./client-error.ts";
import "./context-plugin.ts";
import { type Health, registerHealthRoutes } from "./health.ts";
import { requireIdempotency } from "./idempotency/require-idempotency.ts";
import { sendProblem } from "./problem.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";
import { validatorCompiler } from "./validation.ts";

/** A Fastify instance whose handlers are typed by their TypeBox schemas. */
export type ServiceApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface ServiceAppOptions extends AppMeasuring {
  service: string;
  logLevel: string;
  health: Health;
  /** Where log lines go; standard output unless a test listens. */
  logStream?: { write(line: string): void };
  /** Peers whose `X-Forwarded-For` is believed; nobody's unless given. */
  isTrustedProxy?: (address: string) => boolean;
  problems?: ProblemMembers;
}

/** What a service adds to every problem, also to those that are answered before any hook ran. */
export interface ProblemMembers {
  /** The problem's `instance` for the URL that was asked for. */
  instanceOf(url: string): string;
  /** Headers by URL; undefined: the request was too broken to have one. */
  headersOf(url: string | undefined): Readonly<Record<string, string>>;
}

/** A larger body is answered 413. */
export const BODY_LIMIT_BYTES = 256 * 1024;
/** A client that sends its headers, or its request, slower than this is cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often that is looked at: Node's own half a minute would double it. */
const TIMEOUT_CHECK_MS = 1_000;
/** Request line and headers together; more is answered 431. */
const MAX_HEADER_BYTES = 16 * 1024;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** 255 characters percent-encoded, the longest id that a path may carry. */
const MAX_PARAM_LENGTH = 255 * 3;

/**
 * The house that every service's routes move into: strict validation, problem details, request
 * ids, structured logs, probes and metrics. It decides these once; a service adds routes only.
 */
export function createServiceApp(options: ServiceAppOptions): ServiceApp {
  const { service, logLevel, health, isTrustedProxy, problems } = options;
  const stream = options.logStream ?? standardOutput;
  const answer = (request: FastifyRequest, reply: FastifyReply, error: unknown) =>
    sendProblem(request, reply, error, problems?.instanceOf(request.url));
  const app = Fastify({
    logger: { ...loggerOptions(service, logLevel), stream },
    childLoggerFactory: (logger, bindings, childOptions) =>
      new LateChildLogger(logger, bindings, childOptions),
    genReqId: requestIdOf,
    logController: new LogController({
      requestIdLogLabel: "requestId",
      disableRequestLogging: true,
    }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    return503OnClosing: false,
    forceCloseConnections: "idle",
    trustProxy: isTrustedProxy ?? false,
    frameworkErrors: (error, request, reply) => {
      void reply.headers({ [REQUEST_ID_HEADER]: request.id, ...problems?.headersOf(request.url) });
      answer(request, reply, error);
    },
    clientErrorHandler: answerClientError(problems?.headersOf(undefined) ?? {}),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler((error, request, reply) => answer(request, reply, error));
  app.setNotFoundHandler((request, reply) =>
    answer(
      request,
      reply,
      new ProblemError("route_not_found", "There is no such route; see the API reference."),
    ),
  );
  app.decorateRequest("context");
  requireIdempotency(app, service);
  // First, so that whatever comes after it is measured.
  measure(app, options);
  // Hooks that run for every request take callbacks: a promise each is what they would mostly cost.
  app.addHook("onRequest", (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
  registerAccessLog(app, createPlainLogger(service, logLevel, stream));
  registerDrain(app, health);
  app.register(async (probes) => registerHealthRoutes(probes, health));
  return app;
}

function measure(app: ServiceApp, options: ServiceAppOptions): void {
  const { registry, requestQueries, hasMetricsPort, health } = options;
  if (registry === undefined) return;
  registerRequestMetrics(app, registry, requestQueries);
  registerHealthMetrics(registry, health);
  if (hasMetricsPort !== true) registerMetricsEndpoint(app, registry);
}

/** While the app closes, how often connections that have nothing left to do are closed. */
const REAP_INTERVAL_MS = 50;

/**
 * Lets a draining service end as soon as its last request is answered: a kept-alive connection that
 * was busy when the server closed would else hold it up until the connection's own time-out.
 */
function registerDrain(app: ServiceApp, health: Health): void {
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (health.isDraining) reply.header("connection", "close");
    done();
  });
  app.addHook("preClose", async () => {
    const reaper = setInterval(() => app.server.closeIdleConnections(), REAP_INTERVAL_MS);
    app.server.once("close", () => clearInterval(reaper));
    // Never listened (a test that injects): there is no close to wait for.
    if (!app.server.listening) clearInterval(reaper);
  });
}

/** One line per request: method, route template, status and time; never a URL, a body or a secret. */
function registerAccessLog(app: ServiceApp, log: FastifyBaseLogger): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { logLevel, url } = request.routeOptions;
    if (logLevel !== "warn") {
      log.info(
        {
          requestId: request.id,
          method: request.method,
          route: url ?? "unknown",
          statusCode: reply.statusCode,
          durationMs: Math.round(reply.elapsedTime * 1_000) / 1_000,
          tenantId: (request.context as RequestContext | undefined)?.tenantId,
        },
        "request",
      );
    }
    done();
  });
}
