import type { ErrorCode } from "@orrery/common/contracts/errors";
import { OPERATIONS, type Operation, SIGNED_LINK } from "@orrery/common/contracts/operations";
import { type Audience, LINK_CONTEXT } from "@orrery/common/contracts/request-context";
import type { Health } from "@orrery/common/http/health";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { VersionRegistry } from "../versions/version-registry.ts";
import { Exchange } from "./exchange.ts";
import type { ProxyMetrics } from "./proxy-metrics.ts";
import { bodyFramingOf, bodyLimitOf, limitedBody } from "./request-body.ts";
import { upstreamHeaders } from "./request-headers.ts";
import type { SignedContexts } from "./signed-contexts.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";
import type { Upstream } from "./upstream.ts";

export interface ProxyDependencies {
  upstreams: Readonly<Record<Audience, Upstream>>;
  contexts: SignedContexts;
  trustedProxies: TrustedProxies;
  health: Pick<Health, "isDraining">;
  metrics: ProxyMetrics;
}

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

async function pass(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: ProxiedOperation,
  versions: VersionRegistry,
  { upstreams, contexts, trustedProxies, health, metrics }: ProxyDependencies,
): Promise<FastifyReply> {
  const { raw } = request;
  const { remoteAddress } = raw.socket;
  const framing = bodyFramingOf(raw);
  const headers = upstreamHeaders(
    {
      rawHeaders: raw.rawHeaders,
      connection: raw.headers.connection,
      host: raw.headers.host,
      remoteAddress,
      isPeerTrusted: trustedProxies.has(remoteAddress),
    },
    {
      requestId: request.id,
      context: contexts.headerFor(
        operation.scope === SIGNED_LINK ? LINK_CONTEXT : request.context,
        operation.service,
      ),
      contentLength: framing?.contentLength,
    },
  );
  await new Exchange(request, reply, {
    upstream: upstreams[operation.service],
    path: versions.canonicalUrl(raw.url ?? "/"),
    headers,
    body: framing === undefined ? undefined : limitedBody(raw, bodyLimitOf(operation)),
    timeoutMs: operation.timeoutMs,
    unavailableCode: unavailableCodeOf(operation),
    isDraining: () => health.isDraining,
    metrics,
  }).run();
  return reply;
}

/** A deduction has its own word for it, which says what to do: send the same requestId again. */
function unavailableCodeOf(operation: Operation): ErrorCode {
  return operation.path === OPERATIONS.deduct.path ? "billing_unavailable" : "service_unavailable";
}
