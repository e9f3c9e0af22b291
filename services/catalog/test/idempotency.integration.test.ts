import { fileURLToPath } from "node:url";
import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { ServiceProcess } from "@orrery/common/testing/service-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  type CallOptions,
  CatalogClient,
  CONTEXT_SIGNING_KEYS,
  MEDIA_URL_KEYS,
} from "./catalog-client.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const TOKEN = { name: "Nova", symbol: "NOV", decimals: 7, totalSupply: "1000" };

const test = useTestDatabase();

describe("Idempotency-Key on the catalog", () => {
  let first: CatalogClient;
  let second: CatalogClient;

  beforeAll(async () => {
    const env = { DATABASE_URL: test.loginUrl("catalog"), DB_POOL_SIZE: "4" };
    [first, second] = await Promise.all([CatalogClient.start(env), CatalogClient.start(env)]);
  });
  afterAll(async () => {
    await first.close();
    await second.close();
  });

  const withKey = (key: string, options: CallOptions = {}): CallOptions => ({
    ...options,
    headers: { "idempotency-key": key },
  });
  const isReplay = ({ headers }: Answer) => headers["idempotent-replayed"] === "true";

  it("replays on one instance what another one answered", async () => {
    const created = await first.createToken("REPLAY", {}, withKey("create"));
    expect([created.status, isReplay(created)]).toEqual([201, false]);
    const again = await second.createToken("REPLAY", {}, withKey("create"));
    expect([again.status, isReplay(again)]).toEqual([201, true]);
    expect(again.text).toBe(created.text);
    expect(again.headers["location"]).toBe("/api/v1/tokens/REPLAY");
    expect(again.headers["location"]).toBe(created.headers["location"]);
    // Without the key, or with another, it is another request.
    expect((await second.createToken("REPLAY")).status).toBe(409);
    expect((await second.createToken("REPLAY", {}, withKey("other"))).status).toBe(409);
  });

  it("refuses another request under the key, and knows 1.50 for 1.5", async () => {
    await first.createPool("stakes");
    const key = withKey("stake");
    expect((await first.predict("stakes", "e-1", { amount: "1.5" }, key)).status).toBe(201);
    const same = await second.predict("stakes", "e-1", { amount: "1.50" }, key);
    expect([same.status, isReplay(same)]).toEqual([201, true]);
    const other = await second.predict("stakes", "e-1", { amount: "1.6" }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    // Another tenant, or another pool, has keys of its own.
    await first.createPool("others");
    expect((await first.predict("others", "e-2", {}, key)).status).toBe(201);
    const rival = { ...key, tenantId: "rival" };
    expect((await first.predict("stakes", "e-1", {}, rival)).body.code).toBe("pool_not_found");
  });

  it("stores no refusal: the key may be tried again", async () => {
    const key = withKey("early");
    expect((await first.burn("LATE", {}, key)).status).toBe(404);
    await first.createToken("LATE");
    expect((await second.burn("LATE", {}, key)).status).toBe(201);
    const again = await first.burn("LATE", {}, key);
    expect([again.status, isReplay(again)]).toEqual([201, true]);
  });

  it.each([
    ["a token", (client: CatalogClient, key: CallOptions) => client.createToken("RACE", {}, key)],
    [
      "a burn",
      (client: CatalogClient, key: CallOptions) => client.burn("RACE", { txHash: "r" }, key),
    ],
    ["a pool", (client: CatalogClient, key: CallOptions) => client.createPool("race", {}, key)],
    [
      "a prediction",
      (client: CatalogClient, key: CallOptions) => client.predict("race", "race-1", {}, key),
    ],
    [
      "a close",
      (client: CatalogClient, key: CallOptions) =>
        client.post("/pools/race/close", { eventId: "race-2" }, key),
    ],
    [
      "a settlement",
      (client: CatalogClient, key: CallOptions) =>
        client.post("/pools/race/settle", { eventId: "race-3", outcome: "yes" }, key),
    ],
  ])("has one effect for twenty twins of %s over two instances", async (what, call) => {
    const key = withKey(`race ${what}`);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => call(index % 2 === 0 ? first : second, key)),
    );
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(what === "a close" || what === "a settlement" ? 200 : 201);
  });

  it("leaves nothing of a process killed between claim and commit: the repeat succeeds once", async () => {
    const doomed = await ServiceProcess.start(MAIN, {
      DATABASE_URL: test.loginUrl("catalog"),
      CONTEXT_SIGNING_KEYS,
      MEDIA_URL_KEYS,
      CATALOG_PORT: "0",
    });
    const gate = await test.database().pool.connect();
    await gate.query("begin; lock table tokens in share mode");
    const lost = fetch(`${doomed.url}/api/v1/tokens`, {
      method: "POST",
      headers: {
        ...first.contextHeaders(),
        "content-type": "application/json",
        "idempotency-key": "killed",
      },
      body: JSON.stringify({ address: "KILLED", ...TOKEN }),
    }).catch((error: unknown) => error);
    await expect.poll(countBlockedInserts, { timeout: 20_000 }).toBe(1);
    const waiting = first.createToken("KILLED", {}, withKey("killed"));
    await doomed.kill();
    await gate.query("rollback");
    gate.release();
    expect(await lost).toBeInstanceOf(Error);
    const repeat = await waiting;
    expect([repeat.status, isReplay(repeat)]).toEqual([201, false]);
    const again = await second.createToken("KILLED", {}, withKey("killed"));
    expect([again.text, isReplay(again)]).toEqual([repeat.text, true]);
  });

  async function countBlockedInserts(): Promise<number> {
    const { rows } = await test.database().pool.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where wait_event_type = 'Lock' and query like 'insert into "tokens"%'
         and datname = current_database()`,
    );
    return rows[0]?.count ?? 0;
  }
});
