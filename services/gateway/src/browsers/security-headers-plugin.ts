import helmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import Fastify, { type FastifyInstance } from "fastify";
import fp from "fastify-plugin";

/** What the answers of an API want; a page of its own says otherwise for itself. */
const POLICY: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    // Whatever a browser is made to show as a page: it may load, run and be framed by nothing.
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
  },
  frameguard: { action: "deny" },
  // For this host alone: what else the domain has is not ours to speak for.
  strictTransportSecurity: { includeSubDomains: false },
  // Media are embedded by pages of other sites.
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
  hidePoweredBy: false,
};

/**
 * Sends the security headers that @fastify/helmet decides, with every answer of routes that are
 * registered after it. It is asked once: it would build its chain anew for each request.
 */
export const securityHeadersPlugin = fp(
  async (app: FastifyInstance) => {
    const headers = await decidedHeaders();
    app.addHook("onRequest", (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
  },
  { name: "gateway-security-headers", fastify: "5.x" },
);

/** What helmet adds to an answer that has no headers of its own. */
async function decidedHeaders(): Promise<Record<string, string>> {
  const probe = Fastify();
  await probe.register(helmet, POLICY);
  probe.get("/", (_request, reply) => reply.send());
  const { headers } = await probe.inject("/");
  await probe.close();
  const plain = new Set(["content-length", "date", "connection"]);
  const added = Object.entries(headers).filter(([name]) => !plain.has(name));
  return Object.fromEntries(added.map(([name, value]) => [name, String(value)]));
}
