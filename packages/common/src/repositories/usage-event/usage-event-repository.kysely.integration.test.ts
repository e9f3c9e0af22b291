import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenantClient } from "../database.ts";
import { KyselyRegisteredApiRepository } from "../registered-api/registered-api-repository.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { describeAcceptMany } from "./accept-many.contract.ts";
import { settleUsageEvents } from "./settle-statements.kysely.ts";
import {
  describeUsageEventRepository,
  markerOf,
  NOW,
  newEvent,
} from "./usage-event-repository.contract.ts";
import { KyselyUsageEventRepository } from "./usage-event-repository.kysely.ts";

const test = useTestDatabase();

async function make() {
  await test.empty();
  const database = test.database().kysely;
  return {
    events: new KyselyUsageEventRepository(test.database()),
    vaults: new KyselyVaultRepository(database),
    apis: new KyselyRegisteredApiRepository(database),
    journal: createKyselyJournal({ database, onResolved: settleUsageEvents }),
  };
}

describeUsageEventRepository("kysely", make);
describeAcceptMany("kysely", make);

describe("accepting on Postgres", () => {
  async function makeWithAda(tenantIds: readonly string[]) {
    const fixture = await make();
    for (const tenantId of tenantIds) {
      await fixture.vaults.put(tenantId, { userId: "ada", contractId: `C-${tenantId}` }, NOW);
      const api = { apiId: "weather", name: "Weather", payoutAddress: "G" };
      await fixture.apis.put(tenantId, api, NOW);
    }
    return fixture;
  }

  it("lets a row that the database refuses fail alone", async () => {
    const { events } = await makeWithAda(["acme"]);
    const taken = newEvent({ requestId: "taken" });
    await events.accept("acme", taken, markerOf("acme", taken));
    const batch = [
      newEvent({ requestId: "good-1" }),
      newEvent({ requestId: "zero", amountStroops: 0n }),
      newEvent({ requestId: "same-id", id: taken.id }),
      newEvent({ requestId: "nul\0" }),
      newEvent({ requestId: "good-2" }),
    ];
    const settled = await Promise.allSettled(
      batch.map((event) => events.accept("acme", event, markerOf("acme", event))),
    );
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    const { pending } = (await events.countPending([NOW, NOW]))[0] ?? {};
    expect(pending).toBe(3);
  });

  it("finds what it knows by its key alone, in a table that has no statistics yet", async () => {
    await makeWithAda(["acme"]);
    const rows = 30_000;
    const { kysely } = test.database();
    await sql`
      insert into usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
        api_key_id, amount_usdc, status, created_at)
      select 'acme', 'known-' || n, gen_random_uuid(), '', 'ada', 'weather', 'e', 'k', 1, 'confirmed', now()
      from generate_series(1, ${rows}) as n
    `.execute(kysely);
    const keys = Array.from({ length: 20 }, (_, n) => `known-${1 + n * 17}`);
    const looked = await kysely.connection().execute(async (connection) => {
      const entriesRead = async () => {
        await sql`select pg_stat_force_next_flush()`.execute(connection);
        const { rows: counts } = await sql<{ entries: string }>`
          select coalesce(sum(idx_tup_read), 0) as entries
          from pg_stat_user_indexes where relname = 'usage_events'
        `.execute(connection);
        return Number(counts[0]?.entries);
      };
      const before = await entriesRead();
      const { rows: found } = await sql`
        select * from find_usage_events('acme', ${keys.map(() => "acme")}, ${keys})
      `.execute(connection);
      expect(found).toHaveLength(keys.length);
      return (await entriesRead()) - before;
    });
    expect(looked).toBeLessThan(rows / 10);
  });

  it("accepts once where the batches of four instances share keys in any order", async () => {
    const { journal } = await makeWithAda(["acme", "globex"]);
    const instances = Array.from(
      { length: 4 },
      () => new KyselyUsageEventRepository(test.database()),
    );
    const keys = Array.from({ length: 60 }, (_, index) => ({
      tenantId: index % 2 ? "acme" : "globex",
      requestId: `shared-${index}`,
    }));
    const rotated = (by: number) => [...keys.slice(by), ...keys.slice(0, by)];
    const acceptances = await Promise.all(
      instances.flatMap((events, instance) =>
        rotated(instance * 7).map(({ tenantId, requestId }) => {
          const event = newEvent({ requestId, id: uuidv7(NOW.getTime()) });
          return events.accept(tenantId, event, markerOf(tenantId, event));
        }),
      ),
    );
    const accepted = acceptances.filter(({ outcome }) => outcome === "accepted");
    const ids = acceptances.map((acceptance) =>
      "event" in acceptance ? acceptance.event.id : acceptance.outcome,
    );
    expect(accepted).toHaveLength(keys.length);
    expect(new Set(ids).size).toBe(keys.length);
    expect((await journal.counts()).pending.received).toBe(keys.length);
  });

  it("takes the keys of a batch in one order, whatever the order of arrival", async () => {
    const { events } = await makeWithAda(["acme"]);
    const other = await test.database().pool.connect();
    const insert = (requestId: string) =>
      other.query(
        `insert into usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id,
           endpoint_id, api_key_id, amount_usdc, created_at)
         values ('acme', $1, gen_random_uuid(), '', 'ada', 'weather', 'e', 'k', 1, now())`,
        [requestId],
      );
    await other.query("begin; set local lock_timeout = '200ms'");
    await insert("b");
    const batch = Promise.all(
      ["b", "a"].map((requestId) => {
        const event = newEvent({ requestId, id: uuidv7(NOW.getTime()) });
        return events.accept("acme", event, markerOf("acme", event));
      }),
    );
    const countWaiting = async () => {
      // Of this database alone: other files' tests run on the same server.
      const { rows } = await sql`
        select from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database()
      `.execute(test.database().kysely);
      return rows.length;
    };
    await expect.poll(countWaiting).toBe(1);
    // The batch waits for "b", so that it has "a" already.
    await expect(insert("a")).rejects.toMatchObject({ code: "55P03" });
    await other.query("rollback");
    other.release();
    expect((await batch).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
  });

  it("writes and reads nothing of a tenant that is not in the batch", async () => {
    const { events } = await makeWithAda(["acme", "globex"]);
    const event = newEvent();
    await events.accept("acme", event, markerOf("acme", event));
    await withTenantClient(test.database().pool, ["globex"], async (client) => {
      for (const table of ["vaults", "registered_apis", "usage_events", "submission_intents"]) {
        const { rows } = await client.query(`select distinct tenant_id from ${table}`);
        expect(rows.filter((row) => row.tenant_id !== "globex")).toEqual([]);
      }
    });
    const smuggled = withTenantClient(test.database().pool, ["globex"], (client) =>
      client.query("update usage_events set tenant_id = 'acme'"),
    );
    await expect(smuggled).resolves.toMatchObject({ rowCount: 0 });
  });

  it("says that the database is away when its connection breaks half-way, and goes on after", async () => {
    const { events } = await makeWithAda(["acme"]);
    const broken = withTenantClient(test.database().pool, ["acme"], async (client) => {
      const { rows } = await client.query("select pg_backend_pid() as pid");
      const other = await test.database().pool.connect();
      await other.query("select pg_terminate_backend($1, 5000)", [rows[0].pid]);
      other.release();
      await client.query("select 1");
    });
    await expect(broken).rejects.toMatchObject({ code: "service_unavailable" });
    const event = newEvent();
    expect(await events.accept("acme", event, markerOf("acme", event))).toMatchObject({
      outcome: "accepted",
    });
  });

  it("leaves no role, tenant or transaction on the connection that it used", async () => {
    const { events } = await makeWithAda(["acme"]);
    const event = newEvent();
    await events.accept("acme", event, markerOf("acme", event));
    const bad = newEvent({ requestId: "zero", amountStroops: 0n });
    await expect(events.accept("acme", bad, markerOf("acme", bad))).rejects.toThrow(
      "usage_events_amount_usdc_check",
    );
    const connections = Array.from({ length: 10 }, () =>
      sql<{ role: string; tenants: string | null }>`
        select current_setting('role') as role, current_setting('orrery.tenants', true) as tenants
      `.execute(test.database().kysely),
    );
    for (const { rows } of await Promise.all(connections)) {
      expect(rows[0]?.role).toBe("none");
      expect(rows[0]?.tenants ?? "").toBe("");
    }
  });
});
