import { migrateToLatest } from "@orrery/common/repositories/migrations/migrate";
import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { createTestDatabase } from "@orrery/common/testing/test-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

const test = useTestDatabase();

describe("two gateways on one Postgres", () => {
  let upstream: UpstreamServer;
  let here: TestGateway;
  let there: TestGateway;
  beforeAll(async () => {
    upstream = await startUpstream();
    const env = { DATABASE_URL: test.url(), CATALOG_URL: upstream.url, BILLING_URL: upstream.url };
    [here, there] = await Promise.all([startGateway(env), startGateway(env)]);
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    await upstream.close();
  });

  const statusAt = async (gateway: TestGateway, key: string) =>
    (await gateway.fetch("/api/v1/stats", { headers: { "x-api-key": key } })).status;

  it("both refuse a key that was revoked, the one that revoked it at once", async () => {
    const { id, key } = await here.createKey("acme");
    expect([await statusAt(here, key), await statusAt(there, key)]).toEqual([200, 200]);
    await here.admin(`/tenants/acme/keys/${id}`, { method: "DELETE" });
    expect(await statusAt(here, key)).toBe(401);
    await expect.poll(() => statusAt(there, key)).toBe(401);
  });

  it("both refuse a key that was rolled without an overlap, and believe its successor", async () => {
    const { id, key } = await here.createKey("acme");
    expect([await statusAt(here, key), await statusAt(there, key)]).toEqual([200, 200]);
    const rolled = await here.admin(`/tenants/acme/keys/${id}/roll`, {
      method: "POST",
      body: JSON.stringify({ overlapSeconds: 0 }),
    });
    const successor = (await rolled.json()) as { key: string };
    expect([await statusAt(here, key), await statusAt(here, successor.key)]).toEqual([401, 200]);
    await expect.poll(() => statusAt(there, key)).toBe(401);
    expect(await statusAt(there, successor.key)).toBe(200);
  });

  it("keep when a key was used last, at the latest when they end", async () => {
    const gateway = await startGateway({ DATABASE_URL: test.url(), CATALOG_URL: upstream.url });
    const used = await gateway.createKey("acme");
    const unused = await gateway.createKey("acme");
    expect(await statusAt(gateway, used.key)).toBe(200);
    await gateway.close();
    const list = await here.admin("/tenants/acme/keys?limit=100");
    const { data } = (await list.json()) as { data: { id: string; lastUsedAt: string | null }[] };
    const lastUseOf = ({ id }: { id: string }) => data.find((key) => key.id === id)?.lastUsedAt;
    expect(lastUseOf(used)).toEqual(expect.any(String));
    expect(lastUseOf(unused)).toBeNull();
  });

  it("believe one created by the other at once", async () => {
    const { key } = await there.createKey("globex");
    expect(await statusAt(here, key)).toBe(200);
  });

  it("store a hash, and the secret nowhere", async () => {
    const { id, key } = await here.createKey("acme");
    const { rows } = await test
      .database()
      .pool.query<{ row: string }>(
        "select api_keys::text || encode(secret_hash, 'escape') as row from api_keys where id = $1",
        [id],
      );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(key.slice(-43));
  });

  it("refuse keys that they do not know when Postgres is away, and say it is not the key", async () => {
    const away = await createTestDatabase();
    const gateway = await startGateway({ DATABASE_URL: away.url, CATALOG_URL: upstream.url });
    const { key } = await gateway.createKey("acme");
    await away.drop();
    const response = await gateway.fetch("/api/v1/stats", { headers: { "x-api-key": key } });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toMatchObject({ code: "service_unavailable" });
    const health = await gateway.fetch("/api/v1/health");
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ checks: { database: "down" } });
    expect((await gateway.fetch("/readyz")).status).toBe(503);
    await gateway.close();
  });

  it("do not start on a schema that they do not know", async () => {
    const empty = await createTestDatabase({ isMigrated: false });
    await expect(startGateway({ DATABASE_URL: empty.url })).rejects.toThrow("npm run migrate");
    await migrateToLatest(empty.url);
    const gateway = await startGateway({ DATABASE_URL: empty.url });
    expect((await gateway.fetch("/startupz")).status).toBe(200);
    await gateway.close();
    await empty.drop();
  });
});
