import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { openRedisDoor, type RedisDoor } from "@orrery/common/testing/redis-door";
import { createTestRedis, type TestRedis } from "@orrery/common/testing/test-database";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

const test = useTestDatabase();
const PATIENT = { timeout: 20_000 };
/** Far above what a busy machine takes: no answer of a Redis that is there counts as late. */
const LIMIT_STORE_TIMEOUT_MS = "10000";

describe("limits of two gateways with one Postgres and one Redis", () => {
  let redis: TestRedis;
  let door: RedisDoor;
  let upstream: UpstreamServer;
  let gateways: [TestGateway, TestGateway];

  beforeAll(async () => {
    redis = await createTestRedis();
    door = await openRedisDoor(redis.url);
    upstream = await startUpstream();
    const env = {
      DATABASE_URL: test.loginUrl("gateway"),
      REDIS_URL: door.url,
      LIMIT_STORE_TIMEOUT_MS,
      BILLING_URL: upstream.url,
      CATALOG_URL: upstream.url,
      LIMIT_CATALOG_READ_PER_MINUTE: "20",
    };
    gateways = await Promise.all([startGateway(env), startGateway(env)]);
    for (const gateway of gateways) await becomes(gateway, "ok");
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    await upstream.close();
    await door.close();
    await redis.drop();
  });

  /** Waits until the gateway sees Redis so. */
  const becomes = (gateway: TestGateway, state: "ok" | "down") =>
    vi.waitUntil(async () => {
      const health = await gateway.fetch("/health");
      const { checks } = (await health.json()) as { checks: Record<string, string> };
      return checks["redis"] === state;
    }, PATIENT);
  /** How many of so many calls, to one gateway and the other in turns, were let through. */
  const passed = async (key: string, calls: number) => {
    const statuses = await Promise.all(
      Array.from({ length: calls }, async (_, index) => {
        const gateway = gateways[index % 2 === 0 ? 0 : 1];
        const response = await gateway.fetch("/api/v1/stats", { headers: { "x-api-key": key } });
        await response.text();
        return response.status;
      }),
    );
    return statuses.filter((status) => status === 200).length;
  };

  it("are one limit, whichever gateway is called", async () => {
    const { key } = await gateways[0].createKey("shared");
    expect(await passed(key, 50)).toBe(20);
    expect(await passed(key, 10)).toBe(0);
  });

  it("stop an address that guesses at one gateway from guessing on at the other", async () => {
    const env = {
      REDIS_URL: door.url,
      LIMIT_STORE_TIMEOUT_MS,
      LIMIT_AUTH_FAILURES_PER_MINUTE: "3",
    };
    const [here, there] = await Promise.all([startGateway(env), startGateway(env)]);
    for (const gateway of [here, there]) await becomes(gateway, "ok");
    const guess = async (gateway: TestGateway) =>
      (await gateway.fetch("/api/v1/stats", { headers: { "x-api-key": "ork_guess" } })).status;
    const statuses = [];
    for (const gateway of [here, here, here, here, there, there]) {
      statuses.push(await guess(gateway));
    }
    await here.close();
    await there.close();
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  });

  it("change on every gateway when an administrator changes them on one", async () => {
    const { key } = await gateways[0].createKey("changed");
    const limitAt = async (gateway: TestGateway) => {
      const response = await gateway.fetch("/api/v1/billing/balance/ada", {
        headers: { "x-api-key": key },
      });
      return response.headers.get("ratelimit-policy");
    };
    for (const gateway of gateways) {
      expect(await limitAt(gateway)).toBe('"billing-read";q=60000;w=60');
    }
    const body = JSON.stringify({ "billing-read": 700 });
    const put = await gateways[0].admin("/tenants/changed/limits", { method: "PUT", body });
    expect(put.status).toBe(200);
    expect(await limitAt(gateways[0])).toBe('"billing-read";q=700;w=60');
    await expect.poll(() => limitAt(gateways[1]), PATIENT).toBe('"billing-read";q=700;w=60');
    await gateways[1].admin("/tenants/changed/limits", { method: "DELETE" });
    await expect.poll(() => limitAt(gateways[0]), PATIENT).toBe('"billing-read";q=60000;w=60');
  });

  it("are kept by each gateway alone while Redis is gone, and shared again when it is back", async () => {
    const { key } = await gateways[0].createKey("alone");
    await door.close();
    for (const gateway of gateways) await becomes(gateway, "down");
    expect(await passed(key, 50)).toBe(40);
    expect((await gateways[0].fetch("/readyz")).status).toBe(200);
    await door.reopen();
    for (const gateway of gateways) await becomes(gateway, "ok");
    const later = await gateways[0].createKey("later");
    expect(await passed(later.key, 50)).toBe(20);
  });
});
