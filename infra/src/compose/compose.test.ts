import { existsSync } from "node:fs";
import { join } from "node:path";
import { configSchema as billingSchema, readConfig as readBilling } from "@orrery/billing/config";
import { configSchema as catalogSchema, readConfig as readCatalog } from "@orrery/catalog/config";
import { configSchema as gatewaySchema, readConfig as readGateway } from "@orrery/gateway/config";
import {
  readConfig as readSimulator,
  configSchema as simulatorSchema,
} from "@orrery/ledger-sim/config";
import { describe, expect, it } from "vitest";
import { fieldsOf, listOf, ROOT, readText, readYaml } from "../files.ts";
import {
  environmentOf,
  healthCommandOf,
  imageStages,
  inherited,
  type Stage,
} from "../image/dockerfile.ts";
import { newSecrets } from "../secrets.ts";
import { type Container, composeContainers, interpolate } from "./compose-file.ts";

const containers = composeContainers();
const secrets: Readonly<Record<string, string>> = { ...newSecrets() };
const stages = imageStages();

const get = (name: string): Container => {
  const found = containers.find((container) => container.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const ours = containers.filter(({ fields }) => fields["build"] !== undefined);
const stageOf = ({ fields }: Container): Stage | undefined => {
  const stage = stages.find(({ name }) => name === fieldsOf(fields["build"])["target"]);
  return stage && inherited(stage, stages);
};
/** What the process in a container is started with. */
const environmentIn = (container: Container) => {
  const stage = stageOf(container);
  const given = Object.entries(container.environment).map(([name, text]) => [
    name,
    interpolate(text, secrets),
  ]);
  return { ...Object.fromEntries(stage ? environmentOf(stage) : []), ...Object.fromEntries(given) };
};

const ONE_SHOTS = ["bucket", "migrate", "logins"];
const SERVERS = ["postgres", "redis", "minio", "prometheus", "grafana"];
const SERVICES = ["gateway", "billing", "catalog"];

describe("docker-compose.yml", () => {
  it("has the servers, the one-shots, the services and the simulator, whose profile is sim", () => {
    const names = [...SERVERS, ...ONE_SHOTS, ...SERVICES, "simulator"];
    expect(containers.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    const profiled = containers.filter(({ fields }) => fields["profiles"] !== undefined);
    expect(profiled.map(({ name, fields }) => [name, fields["profiles"]])).toEqual([
      ["simulator", ["sim"]],
    ]);
  });

  it("waits for a health check of what runs on, and for the end of what does not", () => {
    for (const { name, waitsFor } of containers) {
      for (const [other, condition] of Object.entries(waitsFor)) {
        const isOneShot = ONE_SHOTS.includes(other);
        const expected = isOneShot ? "service_completed_successfully" : "service_healthy";
        expect([name, other, condition]).toEqual([name, other, expected]);
        const stage = stageOf(get(other));
        const isChecked =
          get(other).hasHealthCheck || (stage && healthCommandOf(stage)) !== undefined;
        expect([other, isOneShot || isChecked]).toEqual([other, true]);
      }
    }
  });

  it("has something that runs on wait for each one-shot: else `up --wait` takes its end for a failure", () => {
    const runsOn = containers.filter(({ name }) => !ONE_SHOTS.includes(name));
    const awaited = new Set(runsOn.flatMap(({ waitsFor }) => Object.keys(waitsFor)));
    expect(ONE_SHOTS.filter((name) => !awaited.has(name))).toEqual([]);
  });

  it("starts the services when schema, logins, bucket and cache are there, and the gateway last", () => {
    const reaches = (name: string): string[] =>
      Object.keys(get(name).waitsFor).flatMap((other) => [other, ...reaches(other)]);
    expect(reaches("billing")).toEqual(
      expect.arrayContaining(["postgres", "migrate", "logins", "bucket"]),
    );
    expect(reaches("catalog")).toEqual(expect.arrayContaining(["logins", "bucket", "redis"]));
    expect(reaches("gateway")).toEqual(expect.arrayContaining(["billing", "catalog"]));
    // With an external RPC there is no simulator to wait for.
    expect(containers.flatMap(({ waitsFor }) => Object.keys(waitsFor))).not.toContain("simulator");
  });

  it("is heard on the loopback interface alone", () => {
    const ports = containers.flatMap((container) => container.ports);
    expect(ports.length).toBeGreaterThan(5);
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
    expect(containers.filter(({ fields }) => fields["network_mode"] !== undefined)).toEqual([]);
  });

  it("gives our containers no more than they need, and time to drain", () => {
    expect(ours.map(({ name }) => name).toSorted()).toEqual(
      [...SERVICES, "migrate", "simulator"].toSorted(),
    );
    for (const { fields, environment } of ours) {
      expect(fields).toMatchObject({
        init: true,
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        stop_grace_period: "40s",
      });
      expect(Number(environment["SHUTDOWN_GRACE_MS"] ?? 0)).toBeLessThan(40_000);
      expect(fields["user"] ?? fields["privileged"]).toBeUndefined();
    }
  });

  it("has no secret in it, and says which one is missing", () => {
    const secretNames = Object.keys(secrets).filter((name) => name !== "SUBMITTER_ACCOUNT");
    const text = readText("docker-compose.yml");
    for (const name of secretNames) {
      expect(text).toContain(`\${${name}:?${name} is missing, see the head`);
      const without = { ...secrets, [name]: "" };
      expect(() => interpolate(text, without)).toThrow(`${name} is missing, see the head`);
    }
    const plain = containers.flatMap(({ name, environment }) =>
      Object.entries(environment)
        .filter(([key]) => /PASSWORD|SECRET|TOKEN|_KEYS?$|REDIS_URL/.test(key))
        .filter(([, value]) => !value.includes(":?"))
        .map(([key]) => `${name}: ${key}`),
    );
    expect(plain).toEqual([]);
  });

  it("mounts only what is there", () => {
    const mounts = containers
      .flatMap(({ fields }) => listOf(fields["volumes"]).map(String))
      .filter((mount) => mount.startsWith("./"));
    expect(mounts.length).toBeGreaterThan(3);
    for (const mount of mounts) {
      const [source = "", , mode] = mount.split(":");
      expect([source, existsSync(join(ROOT, source)), mode]).toEqual([source, true, "ro"]);
    }
  });
});

describe("the services in compose", () => {
  const schemas = {
    gateway: gatewaySchema,
    billing: billingSchema,
    catalog: catalogSchema,
    simulator: simulatorSchema,
  };

  it.each(Object.entries(schemas))("%s is given only variables that it reads", (name, schema) => {
    const known = Object.keys(schema.properties);
    expect(Object.keys(get(name).environment).filter((key) => !known.includes(key))).toEqual([]);
  });

  it("start with what they get, in production", () => {
    expect(readGateway(environmentIn(get("gateway"))).NODE_ENV).toBe("production");
    expect(readBilling(environmentIn(get("billing"))).SOROBAN_RPC_URL).toBe(
      "http://simulator:8000",
    );
    expect(readCatalog(environmentIn(get("catalog"))).S3_ENDPOINT).toBe("http://minio:9000");
    expect(readSimulator(environmentIn(get("simulator"))).genesisAccounts).toEqual([
      secrets["SUBMITTER_ACCOUNT"],
    ]);
  });

  it("use logins of their own, whose passwords the one-shot sets", () => {
    const sql = readText("infra/docker/set-passwords.sql");
    for (const name of SERVICES) {
      const { environment } = get(name);
      const variable = `${name.toUpperCase()}_DB_PASSWORD`;
      expect(environment["DB_USER"]).toBe(`orrery_${name}`);
      expect(environment["DB_PASSWORD"]).toContain(variable);
      expect(sql).toContain(`\\getenv ${name} ${variable}\n`);
      expect(sql).toContain(`alter role orrery_${name} password :'${name}';`);
    }
  });
});

describe("what watches", () => {
  it("scrapes each service, in compose and beside npm start", () => {
    const targets = (path: string) =>
      listOf(readYaml(path)).map((entry) => [
        fieldsOf(fieldsOf(entry)["labels"])["service"],
        listOf(fieldsOf(entry)["targets"])[0],
      ]);
    expect(targets("infra/docker/prometheus-targets.yml")).toEqual([
      ["gateway", "gateway:8080"],
      ["billing", "billing:8081"],
      ["catalog", "catalog:8082"],
    ]);
    expect(targets("infra/prometheus/targets/orrery.yml")).toHaveLength(SERVICES.length);
  });
});
