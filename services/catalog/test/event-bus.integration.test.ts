import { connectRedis } from "@orrery/common/cache/redis-connection";
import { wantedToken } from "@orrery/common/repositories/indexer/rejected-event-repository";
import { openRedisDoor, type RedisDoor } from "@orrery/common/testing/redis-door";
import {
  createTestDatabase,
  createTestRedis,
  type TestDatabase,
  type TestRedis,
} from "@orrery/common/testing/test-database";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CatalogClient } from "./catalog-client.ts";

const WAIT = { timeout: 30_000, interval: 25 };
const TOPIC_KEY = "orrery:events:token.created";
const GROUP = "rejected-retries";

describe("events that came before what they need", () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let door: RedisDoor;
  let catalogs: CatalogClient[];
  let addresses = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    redis = await createTestRedis();
    door = await openRedisDoor(redis.url);
    catalogs = [];
  });
  afterEach(async () => {
    for (const catalog of catalogs) await catalog.close();
    await door.close();
    await redis.drop();
  });

  async function start(env: Record<string, string> = { REDIS_URL: door.url }) {
    const catalog = await CatalogClient.start({
      DATABASE_URL: database.url,
      DB_POOL_SIZE: "4",
      METRICS_ENABLED: "true",
      EVENT_RETRY_AFTER_MS: "200",
      ...env,
    });
    catalogs.push(catalog);
    return catalog;
  }

  const newAddress = () => {
    addresses += 1;
    return `T${addresses}`;
  };
  /** As the indexer keeps it: a burn of a token that is not there, refused twice. */
  async function keepBurn(catalog: CatalogClient, address: string, amount: string) {
    const eventId = `${address}/${amount}`;
    const payload = { tokenAddress: address, txHash: eventId, from: "a", amount, burnedBy: "a" };
    const { rejected } = catalog.catalog.internal;
    await rejected.keep({
      tenantId: "acme",
      eventId,
      source: "indexer",
      event: { eventId, tenantId: "acme", type: "burn.created", payload },
      code: "token_not_found",
      detail: `The tenant has no token ${address}.`,
      wants: wantedToken(address),
    });
    const find = () => rejected.find("acme", eventId);
    await vi.waitUntil(async () => (await find())?.rejections === 2, WAIT);
    return find;
  }
  const burnedOf = async (catalog: CatalogClient, address: string) => {
    const { body } = await catalog.get(`/tokens/${address}`);
    return (body as { totalBurned?: string }).totalBurned;
  };
  const metric = async (catalog: CatalogClient, line: RegExp) => {
    const { body } = await catalog.catalog.app.inject({ url: "/metrics" });
    return Number(line.exec(body)?.[1] ?? 0);
  };

  it.each(["with Redis", "without Redis"])("are applied when it comes, %s", async (mode) => {
    const env = mode === "with Redis" ? { REDIS_URL: door.url } : {};
    const [first, second] = [await start(env), await start(env)];
    const address = newAddress();
    const find = await keepBurn(first, address, "5");
    await second.createToken(address);
    await vi.waitUntil(async () => (await find()) === undefined, WAIT);
    expect(await burnedOf(first, address)).toBe("5");
  });

  it("are given one chance by an event, however often it is delivered", async () => {
    const [first, second] = [await start(), await start()];
    const address = newAddress();
    const find = await keepBurn(first, address, "5000");
    await first.createToken(address);
    await vi.waitUntil(async () => (await find())?.rejections === 3, WAIT);
    expect(await find()).toMatchObject({ code: "burn_exceeds_supply" });
    // As if neither had acknowledged anything: their effects are committed.
    const client = connectRedis({ url: redis.url, onError: () => {} });
    await vi.waitUntil(() => client.isReady, WAIT);
    await client.xGroupSetId(TOPIC_KEY, GROUP, "0");
    client.destroy();
    const duplicates =
      /^events_consumed_total\{.*topic="token.created",outcome="duplicate"\} (\d+)/m;
    const counted = async () =>
      (await metric(first, duplicates)) + (await metric(second, duplicates));
    await expect.poll(counted, WAIT).toBeGreaterThan(0);
    expect(await find()).toMatchObject({ rejections: 3 });
  });

  it("wait while Redis is away, which holds up nothing else, even if who wrote has died", async () => {
    const [first, second] = [await start(), await start()];
    const address = newAddress();
    const find = await keepBurn(second, address, "5");
    await door.close();
    await first.createToken(address);
    const search = `/tokens/search?q=nova&limit=50`;
    const isSeen = async () => (await second.get(search)).text.includes(`"${address}"`);
    await vi.waitUntil(isSeen, WAIT);
    const unpublished = /^events_unpublished\{topic="token.created"\} (\d+)/m;
    await expect.poll(() => metric(second, unpublished), WAIT).toBeGreaterThan(0);
    catalogs = catalogs.filter((catalog) => catalog !== first);
    await first.close();
    expect(await find()).toBeDefined();
    await door.reopen();
    await vi.waitUntil(async () => (await find()) === undefined, WAIT);
    expect(await burnedOf(second, address)).toBe("5");
  });

  it("are not forgotten by a Redis that forgets", async () => {
    const first = await start();
    const address = newAddress();
    await first.createToken(newAddress());
    const published = /^events_published_total\{topic="token.created"\} (\d+)/m;
    await expect.poll(() => metric(first, published), WAIT).toBeGreaterThan(0);
    const find = await keepBurn(first, address, "5");
    await redis.drop();
    await first.createToken(address);
    await vi.waitUntil(async () => (await find()) === undefined, WAIT);
    expect(await burnedOf(first, address)).toBe("5");
  });
});
