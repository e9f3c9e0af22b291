import { createTestDatabase, createTestRedis } from "@orrery/common/testing/test-database";
import pg from "pg";
import { createClient } from "redis";
import { afterAll, describe, expect, inject, it } from "vitest";

async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("the test servers", () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  it("give each file a migrated database that no other file sees", async () => {
    const first = await createTestDatabase();
    const second = await createTestDatabase();
    cleanups.push(first.drop, second.drop);
    await query(first.url, "create table only_here (id integer)");

    const names = "select relname from pg_class where relname in ('tenants', 'only_here')";
    expect(await query(first.url, names)).toHaveLength(2);
    expect(await query(second.url, names)).toEqual([{ relname: "tenants" }]);
  });

  it("remove a database with sessions still open", async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on("error", () => undefined);
    await client.connect();
    await database.drop();

    const name = new URL(database.url).pathname.slice(1);
    const left = `select 1 from pg_database where datname = '${name}'`;
    expect(await query(inject("postgresUrl"), left)).toEqual([]);
    await client.end().catch(() => undefined);
  });

  it("give each file an empty Redis database", async () => {
    const first = await createTestRedis();
    const second = await createTestRedis();
    cleanups.push(first.drop, second.drop);
    expect(first.url).not.toBe(second.url);
    const writer = await createClient({ url: first.url }).connect();
    const reader = await createClient({ url: second.url }).connect();
    await writer.set("key", "value");
    expect(await reader.get("key")).toBeNull();
    await Promise.all([writer.close(), reader.close()]);
  });
});
