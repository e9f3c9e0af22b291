import { CONTEXT_VARIABLES } from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import { parseTrustedProxies } from "./trusted-proxies.ts";
import { parseOrigins } from "./upstream/endpoint.ts";

/** Origins: requests bring their own path. */
const ORIGINS_PATTERN = "^https?://[^/?#\\s,]+/?(\\s*,\\s*https?://[^/?#\\s,]+/?)*$";

function urlsOf(service: string, port: number) {
  return Type.String({
    description: `Where ${service} listens: its instances, comma-separated; each address of a name is an instance.`,
    default: `http://127.0.0.1:${port}`,
    pattern: ORIGINS_PATTERN,
  });
}

/** The variables of the proxy, for the configuration schema. */
export const PROXY_VARIABLES = {
  BILLING_URL: urlsOf("billing", 8081),
  CATALOG_URL: urlsOf("the catalog", 8082),
  UPSTREAM_MAX_PENDING: Type.Integer({
    description:
      "Requests that one instance of a service may have at a time; when all have so many, 503.",
    default: 4_096,
    minimum: 1,
    maximum: 100_000,
  }),
  UPSTREAM_DNS_INTERVAL_MS: Type.Integer({
    description: "How often the addresses of services' names are looked up.",
    default: 5_000,
    minimum: 100,
    maximum: 3_600_000,
  }),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({
      description:
        "Addresses and networks, comma-separated, whose `X-Forwarded-*` headers are believed.",
    }),
  ),
};

const proxySchema = Type.Object({ ...CONTEXT_VARIABLES, ...PROXY_VARIABLES });

export type ProxyConfig = Static<typeof proxySchema>;

/** What is wrong with the proxy's settings beyond their patterns. */
export function proxyFaults(
  config: Pick<ProxyConfig, "BILLING_URL" | "CATALOG_URL" | "TRUSTED_PROXIES">,
): string[] {
  const checks = {
    TRUSTED_PROXIES: () => parseTrustedProxies(config.TRUSTED_PROXIES),
    BILLING_URL: () => parseOrigins(config.BILLING_URL),
    CATALOG_URL: () => parseOrigins(config.CATALOG_URL),
  };
  return Object.entries(checks).flatMap(([name, check]) => {
    try {
      check();
      return [];
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
}
