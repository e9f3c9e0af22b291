import { MAX_BATCH, tokenOf } from "@orrery/soroban/journal/submission-journal";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { CHARGED } from "../../testing/settle-intent.ts";
import { findSettlementViolations } from "../../testing/settlement-invariants.ts";
import { type Database, openDatabase } from "../database.ts";
import { KyselyRegisteredApiRepository } from "../registered-api/registered-api-repository.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyUsageEventRepository } from "../usage-event/usage-event-repository.kysely.ts";
import { requestParameters } from "../usage-event/usage-request.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { applyResolutions } from "./settle-settlements.kysely.ts";
import { newRequest, START, settlementMarker, WEATHER } from "./settlement-fixture.contract.ts";
import { KyselySettlementRepository } from "./settlement-repository.kysely.ts";

const test = useTestDatabase();
const INSTANCES = 3;
const USERS = ["ada", "bob", "eve"];
const TENANTS = ["acme", "globex"];
let databases: Database[];

beforeAll(() => {
  const options = { url: test.url(), poolSize: 4, applicationName: "test" };
  databases = Array.from({ length: INSTANCES }, () => openDatabase(options));
});

afterAll(async () => {
  for (const database of databases) await database.close();
});

/** Three users of two tenants each, of whom ada and bob pay from one vault. */
async function prepare(balanceStroops: bigint) {
  await test.empty();
  const { kysely } = test.database();
  const instances = databases.map(
    (database) => new KyselySettlementRepository({ database, markerOf: settlementMarker }),
  );
  const [first] = instances;
  const vaults = new KyselyVaultRepository(kysely);
  const apis = new KyselyRegisteredApiRepository(kysely);
  for (const tenantId of TENANTS) {
    for (const userId of USERS) {
      const contractId = `C-${tenantId}-${userId === "eve" ? "eve" : "both"}`;
      await vaults.put(tenantId, { userId, contractId }, START);
      await first?.storeBalance(tenantId, contractId, { balanceStroops, ledger: 1 });
    }
    const often = { mode: "aggregated", everySeconds: 1, atStroops: 40n } as const;
    const seldom = { mode: "aggregated", everySeconds: 3_600 } as const;
    await apis.put(tenantId, { ...WEATHER, settlement: often }, START);
    await apis.put(tenantId, { ...WEATHER, apiId: "maps", settlement: seldom }, START);
    await apis.put(tenantId, { ...WEATHER, apiId: "alone" }, START);
  }
  const journal = createKyselyJournal({ database: kysely, onResolved: applyResolutions });
  const events = databases.map((database) => new KyselyUsageEventRepository(database));
  return { instances, journal, events, apis };
}

/** Vaults of which more is reserved and pending than the balance that was read in ledger 1. */
async function listOverdrawn(balanceStroops: bigint) {
  const { rows } = await sql<{ vault: string; total: string }>`
    with held as (
      select tenant_id, vault_contract_id, amount_stroops, true as is_reserved from settlements
      union all
      select tenant_id, vault_contract_id, amount_stroops, false from submission_intents
      where kind = 'deduct'
    )
    select tenant_id || '/' || vault_contract_id as vault, sum(amount_stroops) as total
    from held group by 1 having bool_or(is_reserved)
  `.execute(test.database().kysely);
  return rows.filter(({ total }) => BigInt(total) > balanceStroops);
}

const call = fc.record({
  instance: fc.nat({ max: INSTANCES - 1 }),
  tenantId: fc.constantFrom(...TENANTS),
  userId: fc.constantFrom(...USERS),
  apiId: fc.constantFrom("weather", "maps", "alone"),
  request: fc.nat({ max: 25 }),
  amountStroops: fc.bigInt({ min: 1n, max: 30n }),
});

describe("reservations of several instances", () => {
  it("never exceed a balance, whatever is asked for at once, and count each request once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 20, maxLength: 120 }),
        fc.bigInt({ min: 1n, max: 400n }),
        async (calls, balanceStroops) => {
          const { instances, events } = await prepare(balanceStroops);
          const answers = await Promise.all(
            calls.map(async ({ instance, tenantId, request, ...fields }) => {
              const event = newRequest({ ...fields, requestId: `r-${request}` });
              const answer =
                fields.apiId === "alone"
                  ? await events[instance]?.accept(tenantId, event, `marker/${request}`)
                  : await instances[instance]?.reserve(tenantId, event);
              return { outcome: answer?.outcome, key: `${tenantId}/${request}` };
            }),
          );
          expect(await listOverdrawn(balanceStroops)).toEqual([]);
          expect(await findSettlementViolations(test.database().kysely)).toEqual([]);
          const isTaken = (outcome = "") => ["reserved", "accepted"].includes(outcome);
          const taken = answers.filter(({ outcome }) => isTaken(outcome));
          expect(new Set(taken.map(({ key }) => key)).size).toBe(taken.length);
          const { rows } = await sql`select from usage_events`.execute(test.database().kysely);
          expect(rows).toHaveLength(taken.length);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it("close once each when all instances find them due at once, though one gave up half-way", async () => {
    const { instances } = await prepare(10_000n);
    const [first] = instances;
    for (const tenantId of TENANTS) {
      for (const userId of USERS) {
        await first?.reserve(tenantId, newRequest({ userId, apiId: "maps" }));
        await first?.reserve(tenantId, newRequest({ userId }));
      }
    }
    const { kysely, pool } = test.database();
    await sql`update settlements set closes_at = now()`.execute(kysely);
    // A closer that dies before its commit leaves everything as it was.
    const dying = await pool.connect();
    await dying.query("begin; update settlements set state = 'settling'; rollback");
    dying.release();
    await Promise.all([...instances, ...instances].map((instance) => instance.closeDue(100)));
    expect(await findSettlementViolations(kysely)).toEqual([]);
    const { rows } = await sql<{ state: string; count: string }>`
      select state, count(*) as count from settlements group by state
    `.execute(kysely);
    expect(rows).toEqual([{ state: "settling", count: "8" }]);
  });

  it("take turns with closing, settling, reading and changes of the API, and lose nothing", async () => {
    const balanceStroops = 2_000n;
    const { instances, journal, events, apis } = await prepare(balanceStroops);
    const [first, second, third] = instances;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const over = new AbortController();
    const disturb = async (work: () => Promise<unknown>) => {
      while (!over.signal.aborted) await work();
    };
    const settleSome = async () => {
      const nowMs = Date.now() + 60_000;
      const leased = await journal.leaseDue({
        owner: "test",
        nowMs,
        leaseUntilMs: nowMs + 60_000,
        newLimit: 10,
        resumeLimit: 10,
        batchLimit: MAX_BATCH,
      });
      for (const submission of leased) {
        const end = { atMs: nowMs, recordId: uuidv7() };
        await journal.resolve(tokenOf(submission), CHARGED, end);
      }
      return leased.length;
    };
    const switchMode = async () => {
      await apis.put("acme", WEATHER, START);
      const settlement = { mode: "aggregated", everySeconds: 1, atStroops: 40n } as const;
      await apis.put("acme", { ...WEATHER, settlement }, START);
    };
    const disturbances = [
      disturb(() => first.closeDue(10)),
      disturb(() => second.closeDue(10)),
      disturb(settleSome),
      disturb(switchMode),
      disturb(() => third.storeBalance("acme", "C-acme-both", { balanceStroops, ledger: 1 })),
    ];
    const single = (tenantId: string, index: number) => {
      const event = newRequest({ requestId: `r-${index % 150}`, amountStroops: 3n });
      return events[index % INSTANCES]?.accept(tenantId, event, event.requestId);
    };
    const answers = await Promise.all(
      Array.from({ length: 900 }, async (_, index) => {
        const tenantId = TENANTS[index % 2] ?? "";
        if (index % 10 === 9) return single(tenantId, index);
        const apiId = index % 3 === 0 ? "maps" : "weather";
        const event = newRequest({ requestId: `r-${index % 300}`, apiId, amountStroops: 3n });
        return instances[index % INSTANCES]?.reserve(tenantId, event);
      }),
    );
    over.abort();
    await Promise.all(disturbances);
    const outcomes = new Set(answers.map((answer) => answer?.outcome));
    expect(outcomes.has("reserved") && outcomes.has("duplicate")).toBe(true);
    await sql`update settlements set closes_at = now() where state = 'open'`.execute(
      test.database().kysely,
    );
    await first.closeDue(1_000);
    while ((await settleSome()) > 0);
    expect(await findSettlementViolations(test.database().kysely)).toEqual([]);
    const { rows } = await sql<{ status: string }>`
      select distinct status from usage_events
    `.execute(test.database().kysely);
    expect(rows).toEqual([{ status: "confirmed" }]);
  }, 60_000);

  it("wait for a charge by itself that is being accepted, also of a vault that was never read", async () => {
    const { instances, events } = await prepare(100n);
    const [settlements] = instances;
    const vaults = new KyselyVaultRepository(test.database().kysely);
    await vaults.put("acme", { userId: "zoe", contractId: "C-zoe" }, START);
    const single = newRequest({ userId: "zoe", apiId: "alone", amountStroops: 60n });
    const client = await test.database().pool.connect();
    await client.query("begin");
    const values = requestParameters([{ tenantId: "acme", event: single }], null);
    await client.query(
      "select * from accept_usage_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '{m}')",
      values,
    );
    const reserve = (amountStroops: bigint) =>
      settlements?.reserve("acme", newRequest({ userId: "zoe", apiId: "maps", amountStroops }));
    const read = settlements?.storeBalance("acme", "C-zoe", { balanceStroops: 100n, ledger: 1 });
    const countWaiting = async () => {
      const { rows } = await sql`select from pg_locks where not granted`.execute(
        test.database().kysely,
      );
      return rows.length;
    };
    await expect.poll(countWaiting, { timeout: 20_000 }).toBe(1);
    await client.query("commit");
    client.release();
    await read;
    expect(await reserve(41n)).toMatchObject({ outcome: "insufficient_balance" });
    expect(await reserve(40n)).toMatchObject({ outcome: "reserved" });
    expect(await events[1]?.accept("acme", single, "m")).toMatchObject({ outcome: "duplicate" });
  });
});
