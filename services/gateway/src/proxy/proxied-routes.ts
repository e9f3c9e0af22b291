import type { Readable } from "node:stream";
import type { ErrorCode } from "@orrery/common/contracts/errors";
import { OPERATIONS, type Operation, SIGNED_LINK } from "@orrery/common/contracts/operations";
import { type Audience, LINK_CONTEXT } from "@orrery/common/contracts/request-context";
import type { Health } from "@orrery/common/http/health";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticator } from "../access/authenticator.ts";
import type { VersionRegistry } from "../versions/version-registry.ts";
import type { EventStreams } from "./event-streams/event-streams.ts";
import { Exchange } from "./exchange.ts";
import type { ProxyMetrics } from "./proxy-metrics.ts";
import {
  type BodyFraming,
  bodyFramingOf,
  bodyLimitOf,
  CallerGone,
  receiveBody,
} from "./request-body.ts";
import { upstreamHeaders } from "./request-headers.ts";
import { mayBeSentAgain } from "./retry-rule.ts";
import type { SignedContexts } from "./signed-contexts.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";
import type { Upstream } from "./upstream/upstream.ts";

export interface ProxyDependencies {
  upstreams: Readonly<Record<Audience, Upstream>>;
  contexts: SignedContexts;
  streams: EventStreams;
  /** Looks again at a credential whose request was long in coming. */
  authenticator: Pick<Authenticator, "authenticate">;
  trustedProxies: TrustedProxies;
  health: Pick<Health, "isDraining">;
  metrics: ProxyMetrics;
}

/** Within this from its arrival a revocation is in force everywhere, in milliseconds. */
const VERIFIED_FOR_MS = 1_000;

type ProxiedOperation = Operation & { readonly service: Audience };

export function isProxied(operation: Operation): operation is ProxiedOperation {
  return operation.service !== "gateway";
}

/** Mounts one route per operation that a service answers; bodies pass through unread. */
export async function registerProxiedRoutes(
  app: FastifyInstance,
  operations: readonly ProxiedOperation[],
  versions: VersionRegistry,
  dependencies: ProxyDependencies,
): Promise<void> {
  // Which types a body may have is for the service to say.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  for (const operation of operations) {
    app.route({
      method: operation.method,
      url: operation.path,
      config: { operation },
      handler: (request, reply) => pass(request, reply, operation, versions, dependencies),
    });
  }
}

function pass(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: ProxiedOperation,
  versions: VersionRegistry,
  dependencies: ProxyDependencies,
): void {
  const { upstreams, health, metrics, streams } = dependencies;
  const { raw } = request;
  const isRepeatable = mayBeSentAgain(operation, request.method, raw.headers);
  const framing = bodyFramingOf(raw);
  const send = (body: Buffer | Readable | undefined) => {
    const contentLength = Buffer.isBuffer(body) ? String(body.length) : framing?.contentLength;
    const { principal, expiresAtMs } = request.grant ?? ANYBODY;
    new Exchange(request, reply, {
      upstream: upstreams[operation.service],
      path: versions.canonicalUrl(raw.url ?? "/"),
      headers: () => headersFor(request, operation, contentLength, dependencies),
      body,
      isRepeatable,
      timeoutMs: operation.timeoutMs,
      unavailableCode: unavailableCodeOf(operation),
      watch: operation.isWatch === true ? { streams, principal, expiresAtMs } : undefined,
      isDraining: () => health.isDraining,
      metrics,
    }).run();
  };
  // Without a promise: most requests bring no body.
  if (framing === undefined) {
    send(undefined);
    return;
  }
  receive(request, reply, { operation, framing, isWorthWaiting: isRepeatable }, dependencies)
    .then((body) => (body === undefined ? reply.hijack() : send(body)))
    .catch((error: unknown) => reply.send(error));
}

/** Who follows a signed link. */
const ANYBODY = { principal: "", expiresAtMs: undefined };

interface Expected {
  readonly operation: ProxiedOperation;
  readonly framing: BodyFraming;
  readonly isWorthWaiting: boolean;
}

/**
 * The body as it will be sent; undefined when the caller went away.
 * @throws {ProblemError} unauthenticated, service_unavailable: a body can take longer than a credential
 *   has left
 */
async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  { operation, framing, isWorthWaiting }: Expected,
  { authenticator, metrics }: ProxyDependencies,
): Promise<Buffer | Readable | undefined> {
  const maxBytes = bodyLimitOf(operation);
  try {
    const body = await receiveBody(request.raw, framing, { maxBytes, isWorthWaiting });
    // From its arrival: where entries are counted, the body was read before it came here.
    if (reply.elapsedTime > VERIFIED_FOR_MS) await authenticator.authenticate(request);
    return body;
  } catch (error) {
    if (!(error instanceof CallerGone)) throw error;
    metrics.callerGone(operation.service);
    return undefined;
  }
}

function headersFor(
  { id, raw, context }: FastifyRequest,
  { scope, service }: ProxiedOperation,
  contentLength: string | undefined,
  { contexts, trustedProxies }: ProxyDependencies,
): string[] {
  const { remoteAddress } = raw.socket;
  return upstreamHeaders(
    {
      rawHeaders: raw.rawHeaders,
      connection: raw.headers.connection,
      host: raw.headers.host,
      remoteAddress,
      isPeerTrusted: trustedProxies.has(remoteAddress),
    },
    {
      requestId: id,
      context: contexts.headerFor(scope === SIGNED_LINK ? LINK_CONTEXT : context, service),
      contentLength,
    },
  );
}

/** A deduction has its own word for it, which says what to do: send the same requestId again. */
function unavailableCodeOf(operation: Operation): ErrorCode {
  return operation.path === OPERATIONS.deduct.path ? "billing_unavailable" : "service_unavailable";
}
