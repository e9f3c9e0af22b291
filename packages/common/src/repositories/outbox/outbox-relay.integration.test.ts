import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenant } from "../database.ts";
import { withRole } from "../system-role.ts";
import {
  addToken,
  announcementOf,
  type CatalogAdapters,
  drain,
} from "../token/catalog-fixtures.contract.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { appendToOutbox } from "./outbox-append.ts";

const test = useTestDatabase();

describe("relays over one database", () => {
  let adapters: CatalogAdapters;
  beforeEach(async () => {
    adapters = await makeKyselyAdapters(test);
  });

  it("take an event that commits after younger ones were taken", async () => {
    const { kysely } = test.database();
    const written = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const event = { type: "pool.created", payload: { poolId: "late" } } as const;
    const late = withTenant(kysely, "acme", async (transaction) => {
      await appendToOutbox(transaction, announcementOf(event, "acme", ["late"]));
      written.resolve();
      await mayCommit.promise;
    });
    await written.promise;
    await addToken(adapters, "acme");
    expect(await drain(adapters)).toHaveLength(1);
    expect(await adapters.outbox.readGeneration("late")).toBe(0n);
    mayCommit.resolve();
    await late;
    expect(await drain(adapters)).toMatchObject([{ payload: { poolId: "late" } }]);
    expect(await adapters.outbox.readGeneration("late")).toBeGreaterThan(0n);
  });

  it("work one at a time, and go on at once when the one at work dies", async () => {
    const { kysely } = test.database();
    await addToken(adapters, "acme");
    const holding = Promise.withResolvers<void>();
    const die = Promise.withResolvers<void>();
    // A relay that has taken the lock and the event, and has not committed.
    const dying = withRole(kysely, "orrery_relay", async (transaction) => {
      await sql`select pg_advisory_xact_lock(7340001)`.execute(transaction);
      await sql`delete from outbox`.execute(transaction);
      holding.resolve();
      await die.promise;
      throw new Error("killed");
    });
    await holding.promise;
    expect(await adapters.outbox.relay(10)).toBeUndefined();
    die.resolve();
    await expect(dying).rejects.toThrow("killed");
    expect(await drain(adapters)).toHaveLength(1);
  });

  it("take each event once between many, and give no generation twice", async () => {
    const addresses = Array.from({ length: 40 }, (_, index) => `T${index}`);
    const seen: string[] = [];
    const generations: bigint[] = [];
    const writing = { isDone: false };
    const relays = [1, 2, 3].map(async () => {
      while (!writing.isDone || (await adapters.outbox.readNews(0n)).oldestQueued !== undefined) {
        const batch = await adapters.outbox.relay(7);
        seen.push(...(batch?.events ?? []).map((event) => event.id));
        generations.push(...(batch?.raised ?? []).map(({ generation }) => generation));
      }
    });
    for (const address of addresses) await addToken(adapters, "acme", { address });
    writing.isDone = true;
    await Promise.all(relays);
    expect(seen).toHaveLength(addresses.length);
    expect(new Set(seen).size).toBe(addresses.length);
    expect(new Set(generations).size).toBe(generations.length);
  });
});
