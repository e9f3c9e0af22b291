import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN_TOKEN, startGateway, type TestGateway } from "../testing/gateway-harness.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({});
  await gateway.createKey("acme");
});
afterAll(() => gateway.close());

const post = (path: string, key: string, body: object) =>
  gateway.admin(path, {
    method: "POST",
    headers: { "idempotency-key": key },
    body: JSON.stringify(body),
  });

it("answers the repeat of a tenant's creation as it answered the first", async () => {
  const tenant = { id: "initech", name: "Initech" };
  const first = await post("/tenants", "k", tenant);
  const again = await post("/tenants", "k", tenant);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(await again.text()).toBe(await first.text());
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect((await post("/tenants", "k", { ...tenant, name: "Other" })).status).toBe(422);
});

it("replays under the alias what was answered under the version", async () => {
  const tenant = { id: "alias", name: "Alias" };
  await post("/tenants", "alias", tenant);
  const again = await gateway.fetch("/api/admin/tenants", {
    method: "POST",
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      "content-type": "application/json",
      "idempotency-key": "alias",
    },
    body: JSON.stringify(tenant),
  });
  expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
});

it("makes no second key, and shows the secret of the first to nobody", async () => {
  const wanted = { name: "ci", scopes: ["billing:read"] };
  const made = await post("/tenants/acme/keys", "key", wanted);
  expect(made.status).toBe(201);
  const { key, ...shown } = (await made.json()) as { key: string; id: string };
  const again = await post("/tenants/acme/keys", "key", wanted);
  const text = await again.text();
  expect(again.status).toBe(409);
  expect(JSON.parse(text)).toMatchObject({ code: "secret_already_shown", apiKey: shown });
  expect(text).not.toContain(key.slice(-43));
  const list = await (await gateway.admin("/tenants/acme/keys?limit=100")).text();
  expect(list.split('"name":"ci"')).toHaveLength(2);
});
