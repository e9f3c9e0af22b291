import { OPERATIONS } from "@orrery/common/contracts/operations";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JWT_SECRET, startGateway, type TestGateway } from "../testing/gateway-harness.ts";

interface Act {
  id: string;
  action: string;
  tenantId: string;
  subject: string;
  principal: string;
  requestId: string;
  details: Record<string, unknown>;
}
interface Page {
  data: Act[];
  meta: { hasNext: boolean; nextCursor: string | null; total: number };
}

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startGateway({});
  const token = await new SignJWT({ sub: "grace", scope: "admin" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1m")
    .sign(new TextEncoder().encode(JWT_SECRET));
  authorization = `Bearer ${token}`;
});
afterAll(() => gateway.close());

async function call(method: string, path: string, body?: object) {
  const response = await gateway.fetch(`/api/v1/admin${path}`, {
    method,
    headers: {
      authorization,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const requestId = response.headers.get("x-request-id");
  const text = await response.text();
  const reply = (text === "" ? {} : JSON.parse(text)) as { id?: string; key?: string };
  return { requestId, reply };
}
const list = async (query = "") => (await (await gateway.admin(`/audit${query}`)).json()) as Page;

it("tells of every call that changes something, newest first: who did what to whom, no secrets", async () => {
  const key = { name: "ci", scopes: ["billing:read"] };
  const made = [await call("POST", "/tenants", { id: "acme", name: "Acme" })];
  made.push(await call("POST", "/tenants/acme/keys", key));
  const keyId = made[1]?.reply.id ?? "";
  made.push(await call("POST", `/tenants/acme/keys/${keyId}/roll`, { overlapSeconds: 60 }));
  const successorId = made[2]?.reply.id ?? "";
  made.push(await call("DELETE", `/tenants/acme/keys/${keyId}`));
  made.push(await call("PUT", "/tenants/acme/limits", { exports: 1 }));
  made.push(await call("DELETE", "/tenants/acme/limits"));

  const { data, meta } = await list();
  expect(meta).toMatchObject({ total: made.length, hasNext: false, nextCursor: null });
  // Ids are in the order of their milliseconds; within one their order is anybody's guess.
  const times = data.map(({ id }) => id.slice(0, "01234567-89ab".length));
  expect(times).toEqual(times.toSorted().toReversed());
  expect(data).toHaveLength(made.length);
  const told = made.flatMap(({ requestId }) =>
    data
      .filter((act) => act.requestId === requestId)
      .map(({ action, subject, details }) => [action, subject, details] as const),
  );
  expect(told).toEqual([
    ["createTenant", "acme", { name: "Acme" }],
    ["createApiKey", keyId, key],
    ["rollApiKey", keyId, { successorId, overlapSeconds: 60 }],
    ["revokeApiKey", keyId, {}],
    ["putTenantLimits", "acme", { perMinute: { exports: 1 } }],
    ["deleteTenantLimits", "acme", {}],
  ]);
  expect(new Set(data.map(({ principal }) => principal))).toEqual(new Set(["jwt:grace"]));
  expect(new Set(data.map(({ tenantId }) => tenantId))).toEqual(new Set(["acme"]));
  const secrets = made.flatMap(({ reply }) =>
    reply.key === undefined ? [] : [reply.key.slice(-43)],
  );
  expect(secrets).toHaveLength(2);
  for (const secret of secrets) expect(JSON.stringify(data)).not.toContain(secret);
  // A call that is added wants its line above.
  const changing = Object.entries<{ method: string; scope: string }>(OPERATIONS)
    .filter(([, { method, scope }]) => scope === "admin" && method !== "GET")
    .map(([id]) => id);
  expect(told.map(([action]) => action).toSorted()).toEqual(changing.toSorted());
});

it("does not tell of what was refused or changed nothing", async () => {
  const before = (await list()).meta.total;
  await call("POST", "/tenants", { id: "acme", name: "Again" });
  await call("POST", "/tenants/nobody/keys", { name: "ci", scopes: ["billing:read"] });
  await call("DELETE", "/tenants/acme/keys/nothing");
  await call("DELETE", "/tenants/acme/limits");
  expect((await list()).meta.total).toBe(before);
});

it("is read page by page", async () => {
  const { data: all } = await list();
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Page = await list(`?limit=4${cursor === "" ? "" : `&cursor=${cursor}`}`);
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.meta.nextCursor;
  }
  expect(seen).toEqual(all.map(({ id }) => id));
});
