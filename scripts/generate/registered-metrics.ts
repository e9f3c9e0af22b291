import { compose as composeBilling } from "../../services/billing/src/compose.ts";
import { readConfig as readBillingConfig } from "../../services/billing/src/config.ts";
import { composeCatalog } from "../../services/catalog/src/compose.ts";
import { readConfig as readCatalogConfig } from "../../services/catalog/src/config.ts";
import { composeGateway } from "../../services/gateway/src/compose.ts";
import { readConfig as readGatewayConfig } from "../../services/gateway/src/config.ts";

/** A metric as services register it. */
export interface RegisteredMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets: readonly number[];
  readonly services: readonly string[];
}

const key = (id: string) => `${id}:${Buffer.alloc(32, id).toString("base64")}`;

/** Enough to be composed as in production: nothing is opened or listened on before a service starts. */
const ENVIRONMENT = {
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
  CONTEXT_SIGNING_KEYS: key("context"),
  EXPORT_URL_KEYS: key("exports"),
  MEDIA_URL_KEYS: key("media"),
  SOROBAN_RPC_ENABLED: "false",
  LOG_LEVEL: "silent",
};

/** What a registry gives of a metric, beside what the library's types say of it. */
interface LibraryMetric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly labelNames?: readonly string[];
  readonly buckets?: readonly number[];
}

/** Every metric of ours, by name; those of the process and of Node are the library's. */
export function readRegisteredMetrics(): RegisteredMetric[] {
  const composed = {
    gateway: composeGateway(readGatewayConfig(ENVIRONMENT)),
    billing: composeBilling(readBillingConfig(ENVIRONMENT)),
    catalog: composeCatalog(readCatalogConfig(ENVIRONMENT)),
  };
  const byName = new Map<string, RegisteredMetric>();
  for (const [service, { observation }] of Object.entries(composed)) {
    const registered: readonly LibraryMetric[] = observation.registry.getMetricsAsArray();
    for (const { name, help, type, labelNames = [], buckets = [] } of registered) {
      const known = byName.get(name);
      if (known !== undefined && known.help !== help) {
        throw new Error(
          `${name} means one thing in ${known.services.join()} and another in ${service}`,
        );
      }
      const services = [...(known?.services ?? []), service];
      byName.set(name, { name, type: String(type), help, labels: labelNames, buckets, services });
    }
  }
  return [...byName.values()].toSorted((one, other) => one.name.localeCompare(other.name, "en"));
}
