import { configSchema as billingSchema, readConfig as readBilling } from "@orrery/billing/config";
import { configSchema as catalogSchema, readConfig as readCatalog } from "@orrery/catalog/config";
import { readMigrationUrl } from "@orrery/cli/config";
import { configSchema as gatewaySchema, readConfig as readGateway } from "@orrery/gateway/config";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fieldsOf, listOf, readText } from "../files.ts";
import { environmentOf, imageStages } from "../image/dockerfile.ts";
import { clusterSecrets, newSecrets } from "../secrets.ts";
import { configOf, secretKeysOf, secretNamesOf } from "./configuration.ts";
import { buildEverything, nameOf } from "./kustomize.ts";
import { doorPolicies } from "./policies/door-policies.ts";
import { networkPolicies } from "./policies/network-policies.ts";
import { broken, type Policy } from "./policies/policy.ts";
import { autoscalerPolicies, budgetPolicies } from "./policies/scaling-policies.ts";
import { workloadPolicies } from "./policies/workload-policies.ts";
import { schemaFaults } from "./schemas.ts";
import { servicesOf, workloadsOf } from "./workload.ts";

const everywhere: readonly Policy[] = [...workloadPolicies, ...networkPolicies, ...budgetPolicies];
const inProduction: readonly Policy[] = [...everywhere, ...autoscalerPolicies, ...doorPolicies];

const { overlays, examples } = buildEverything();
const { dev, staging, production } = overlays;
const held = {
  dev: { manifests: dev, policies: everywhere },
  staging: { manifests: staging, policies: inProduction },
  production: { manifests: production, policies: inProduction },
};

describe.each(Object.entries(held))("the overlay %s", (_name, { manifests, policies }) => {
  it("is what the schemas of its kinds allow, without an unknown field", () => {
    expect(manifests.flatMap(schemaFaults)).toEqual([]);
  });

  it("names each object once", () => {
    const names = manifests.map(nameOf);
    expect(names.length).toBe(new Set(names).size);
    expect(names).toContain("Deployment/billing");
  });

  it.each(policies)("keeps to: $name", ({ find }) => {
    expect(find(manifests)).toEqual([]);
  });
});

describe("the policies", () => {
  it.each(inProduction.flatMap((policy) => policy.breaks.map((change) => ({ policy, change }))))(
    "$policy.name: object to $change.of with $change.at = $change.to",
    ({ policy, change }) => {
      expect(policy.find(broken(production, change))).not.toEqual([]);
    },
  );
});

describe("the schemas", () => {
  const faultsWith = (of: string, at: string, to?: unknown) =>
    broken(production, { of, at, to }).flatMap(schemaFaults);

  it("refuse a misspelled field, however deep it is", () => {
    expect(faultsWith("Deployment/gateway", "spec.template.spec.hostNetwrok", true)).toEqual([
      "Deployment/gateway: unknown field spec.template.spec.hostNetwrok",
    ]);
    expect(
      faultsWith("NetworkPolicy/gateway", "spec.ingress.0.ports.0", { protocl: "TCP" }),
    ).toEqual(["NetworkPolicy/gateway: unknown field spec.ingress[0].ports[0].protocl"]);
    expect(faultsWith("ServiceMonitor/orrery", "spec.endpoints.0.intervall", "15s")).toEqual([
      "ServiceMonitor/orrery: unknown field spec.endpoints[0].intervall",
    ]);
    expect(faultsWith("ExternalSecret/billing-secrets", "spec.refresh", "5m")).toHaveLength(1);
  });

  it("refuse a wrong type, a missing field and a kind that they do not know", () => {
    expect(faultsWith("Deployment/gateway", "spec.minReadySeconds", "soon")).toHaveLength(1);
    expect(faultsWith("Deployment/gateway", "spec.selector")).toHaveLength(1);
    expect(faultsWith("Deployment/gateway", "kind", "ReplicaSet")).toHaveLength(1);
  });
});

it("has an example of the Gateway API that the schemas allow", () => {
  expect(examples.flatMap(schemaFaults)).toEqual([]);
  expect(examples.map(nameOf).toSorted()).toEqual(["Gateway/orrery", "HTTPRoute/gateway"]);
});

const SCHEMAS = { gateway: gatewaySchema, billing: billingSchema, catalog: catalogSchema };
const READERS = { gateway: readGateway, billing: readBilling, catalog: readCatalog };

const secrets = clusterSecrets(newSecrets(), { database: "db:5432/orrery", redis: "redis:6379" });
/** What the cloud gives rather than we. */
const CLOUD = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" };

const runtime = imageStages().find(({ name }) => name === "runtime");
const imageEnvironment = Object.fromEntries(runtime ? environmentOf(runtime) : []);

const pods = Object.entries(overlays).flatMap(([overlay, manifests]) =>
  servicesOf(manifests).map(({ name, pod }) => ({
    overlay,
    service: name as keyof typeof SCHEMAS,
    config: configOf(manifests, pod),
    secretNames: secretNamesOf(pod),
    keys: secretKeysOf(manifests, `${name}-secrets`),
  })),
);

describe.each(pods)("$service in $overlay", ({ service, config, secretNames, keys }) => {
  const known = new Set(Object.keys(SCHEMAS[service].properties));

  it("is given only variables that it reads, each once", () => {
    const given = [...config.keys(), ...(keys ?? Object.keys(secrets[`${service}-secrets`] ?? {}))];
    expect(given.filter((name) => !known.has(name))).toEqual([]);
    expect(given.length).toBe(new Set(given).size);
    expect(secretNames).toEqual([`${service}-secrets`]);
  });

  it("starts with what its pod gets", () => {
    const values: Record<string, string> = { ...CLOUD, ...secrets[`${service}-secrets`] };
    const names = keys ?? Object.keys(secrets[`${service}-secrets`] ?? {});
    const given = Object.fromEntries(names.map((name) => [name, values[name]]));
    const read = READERS[service]({ ...imageEnvironment, ...Object.fromEntries(config), ...given });
    expect(read).toMatchObject({
      NODE_ENV: "production",
      HOST: "0.0.0.0",
      SHUTDOWN_GRACE_MS: 30_000,
    });
  });

  it("has no secret in the open", () => {
    const secret = Object.entries(SCHEMAS[service].properties)
      .filter(([, property]) => "x-secret" in property)
      .map(([name]) => name);
    expect(secret).toContain("DATABASE_URL");
    expect([...config.keys()].filter((name) => secret.includes(name))).toEqual([]);
  });
});

it("gets secrets from a store wherever it is no cluster on one machine", () => {
  const stored = pods.filter(({ keys }) => keys?.includes("DATABASE_URL") === true);
  expect(new Set(stored.map(({ overlay }) => overlay))).toEqual(new Set(["staging", "production"]));
  expect(stored).toHaveLength(6);
});

it("lets staging read its own secrets, not production's", () => {
  const roles = [staging, production].map((manifests) =>
    manifests
      .filter(
        ({ kind, metadata }) => kind === "ServiceAccount" && metadata.name === "secrets-reader",
      )
      .map(({ metadata }) => fieldsOf(fieldsOf(metadata)["annotations"])),
  );
  expect(roles.map(({ length }) => length)).toEqual([1, 1]);
  expect(roles[0]).not.toEqual(roles[1]);
  const prefixes = [staging, production].flatMap((manifests) =>
    manifests
      .filter(({ kind }) => kind === "SecretStore")
      .map(
        (manifest) =>
          fieldsOf(fieldsOf(fieldsOf(fieldsOf(manifest)["spec"])["provider"])["aws"])["prefix"],
      ),
  );
  expect(prefixes).toEqual(["orrery-staging/", "orrery/"]);
});

it("migrates as the owner", () => {
  for (const manifests of Object.values(overlays)) {
    const job = workloadsOf(manifests).find(({ name }) => name === "migrate");
    expect(job && secretNamesOf(job.pod)).toEqual(["migrate-secrets"]);
  }
  expect(readMigrationUrl(secrets["migrate-secrets"] ?? {})).toMatch(/^postgres:\/\/orrery_owner:/);
});

describe("the autoscalers' metrics", () => {
  const rules = fieldsOf(fieldsOf(parse(readText("infra/prometheus/adapter-rules.yaml")))["rules"]);
  const offered = (kind: string) =>
    new Map(
      listOf(rules[kind]).map((rule): [unknown, string] => {
        const { name, seriesQuery } = fieldsOf(rule);
        return [fieldsOf(name)["as"], String(seriesQuery).split("{")[0] ?? ""];
      }),
    );
  const asked = (type: string) =>
    production.flatMap((manifest) =>
      listOf(fieldsOf(fieldsOf(manifest)["spec"])["metrics"])
        .map((metric) => fieldsOf(metric)[type])
        .map((source) => fieldsOf(fieldsOf(source)["metric"])["name"])
        .filter((name) => name !== undefined),
    );

  it("are all served by the adapter, from series that the services have", () => {
    const custom = offered("custom");
    const external = offered("external");
    expect(new Set(asked("pods"))).toEqual(new Set(custom.keys()));
    expect(new Set(asked("external"))).toEqual(new Set(external.keys()));
    // The plugin's own histogram, and the gauge of the journal.
    expect([...custom.values()]).toEqual(["http_request_duration_seconds_count"]);
    for (const series of external.values()) {
      expect(readText("services/billing/src/deductions/journal-metrics.ts")).toContain(
        `name: "${series}"`,
      );
    }
  });
});
