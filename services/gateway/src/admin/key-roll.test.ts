import { afterAll, beforeAll, expect, it } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

let upstream: UpstreamServer;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({ CATALOG_URL: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

type Reply = Record<string, unknown> & { id: string; key: string };

const roll = (keyId: string, body: object = {}, headers: Record<string, string> = {}) =>
  gateway.admin(`/tenants/acme/keys/${keyId}/roll`, {
    method: "POST",
    body: JSON.stringify(body),
    headers,
  });
const statusOf = async (key: string) =>
  (await gateway.fetch("/api/v1/stats", { headers: { "x-api-key": key } })).status;
const hoursTo = (time: unknown) => (Date.parse(String(time)) - Date.now()) / 3_600_000;

it("gives a second secret of the same rights, and both are good while they overlap", async () => {
  const old = await gateway.createKey("acme", ["catalog:read"]);
  const response = await roll(old.id);
  expect(response.status).toBe(201);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const made = (await response.json()) as Reply;
  expect(made).toMatchObject({
    tenantId: "acme",
    name: "test",
    scopes: ["catalog:read"],
    expiresAt: null,
    successorId: null,
    predecessor: { id: old.id, successorId: made.id, revokedAt: null },
  });
  const { expiresAt } = made["predecessor"] as Record<string, unknown>;
  expect(hoursTo(expiresAt)).toBeGreaterThan(23);
  expect(hoursTo(expiresAt)).toBeLessThanOrEqual(24);
  expect([await statusOf(old.key), await statusOf(made.key)]).toEqual([200, 200]);
});

it("revokes the old key at once when they are not to overlap", async () => {
  const old = await gateway.createKey("acme");
  expect(await statusOf(old.key)).toBe(200);
  const made = (await (await roll(old.id, { overlapSeconds: 0 })).json()) as Reply;
  expect(made["predecessor"]).toMatchObject({ revokedAt: expect.any(String) });
  expect([await statusOf(old.key), await statusOf(made.key)]).toEqual([401, 200]);
});

it("ends the new key when it is asked to", async () => {
  const old = await gateway.createKey("acme");
  const expiresAt = "2099-01-01T00:00:00.000Z";
  expect(await (await roll(old.id, { expiresAt })).json()).toMatchObject({ expiresAt });
});

it("makes one successor of a key, and none of one that is over", async () => {
  const old = await gateway.createKey("acme");
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => roll(old.id)));
  expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(outcomes.filter(({ status }) => status === 409)).toHaveLength(4);
  const again = await roll(old.id);
  expect(await again.json()).toMatchObject({ code: "api_key_inactive", status: 409 });
  const revoked = await gateway.createKey("acme");
  await gateway.admin(`/tenants/acme/keys/${revoked.id}`, { method: "DELETE" });
  expect(await (await roll(revoked.id)).json()).toMatchObject({ code: "api_key_inactive" });
  const others = await gateway.createKey("globex");
  expect(await (await roll(others.id)).json()).toMatchObject({ code: "api_key_not_found" });
});

it("rolls once for a repeated Idempotency-Key, and shows the secret once", async () => {
  const old = await gateway.createKey("acme");
  const headers = { "idempotency-key": "roll" };
  const { key, ...made } = (await (await roll(old.id, {}, headers)).json()) as Reply;
  const again = await roll(old.id, {}, headers);
  const text = await again.text();
  expect(again.status).toBe(409);
  const { predecessor, ...shown } = made;
  expect(JSON.parse(text)).toMatchObject({
    code: "secret_already_shown",
    apiKey: shown,
    predecessor,
  });
  expect(text).not.toContain(key.slice(-43));
});
