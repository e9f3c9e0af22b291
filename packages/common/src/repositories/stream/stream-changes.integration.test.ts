import type { Resolution } from "@orrery/soroban/intent/resolution";
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { settleIntent } from "../../testing/settle-intent.ts";
import { KyselyOperatorRepository } from "../reconciliation/operator-repository.kysely.ts";
import { applyResolutions } from "../settlement/settle-settlements.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { settleStreams } from "./settle-statements.kysely.ts";
import { newStream, settling, started } from "./stream-fixture.contract.ts";
import { KyselyStreamRepository } from "./stream-repository.kysely.ts";

const test = useTestDatabase();
const STREAMS = Array.from({ length: 40 }, (_, index) => `s-${String(index).padStart(2, "0")}`);

let streams: KyselyStreamRepository;

beforeEach(async () => {
  await test.empty();
  streams = new KyselyStreamRepository({ database: test.login("billing").kysely });
});

/** Lists whose kept size is not what counting gives. */
async function listWrongSizes(): Promise<unknown[]> {
  const { rows } = await sql`
    with counted (list, key, size) as (
      select 'streams', status, count(*) from streams group by status
      union all select 'activity', type, count(*) from activity_events group by type
      union all
      select 'activity of stream', stream_id, count(*) from activity_events group by stream_id
    ),
    kept as (select list, key, sum(size) as size from list_sizes group by list, key)
    select list, key, kept.size as kept, counted.size as counted
    from kept full join counted using (list, key)
    where coalesce(kept.size, 0) <> coalesce(counted.size, 0)
  `.execute(test.database().kysely);
  return rows;
}

const startAll = () =>
  Promise.all(
    STREAMS.map((id) => streams.withLock("acme", id, (locked) => locked.save(started(locked)))),
  );

/** A stream that is being paid; gives the intent's id. */
async function beginPayment(id: string): Promise<string> {
  await streams.create("acme", newStream(id));
  await streams.withLock("acme", id, (locked) => locked.save(started(locked)));
  return streams.withLock("acme", id, (locked) => {
    const write = settling(locked, "acme");
    locked.save(write);
    return write.charge.intentId;
  });
}

describe("a payment that nobody can tell the end of", () => {
  const at = new Date("2026-03-01T13:00:00.000Z");
  const action = { operator: "grace", evidence: "seen at an explorer", at };

  it.each([
    [{ state: "confirmed", txHash: "cd".repeat(32), ledger: 99 }, "ended", 7n],
    [{ state: "failed" }, "active", 0n],
  ] as const)("ends as the operator says: %j", async (decision, status, settledStroops) => {
    const intentId = await beginPayment("s-1");
    const journal = createKyselyJournal({ database: test.database().kysely });
    const unknown = { state: "unknown", failure: { reason: "undecided" } } as const;
    await settleIntent(journal, intentId, unknown, Date.now() + 60_000);
    const operator = new KyselyOperatorRepository({
      database: test.database().kysely,
      onResolved: applyResolutions,
    });
    const key = { tenantId: "acme", kind: "stream", subjectId: "s-1/1" } as const;
    expect(await operator.resolveUnknown(key, decision, { ...action, auditId: uuidv7() })).toBe(
      true,
    );
    const stream = (await streams.find("acme", "s-1"))?.stream;
    expect(stream).toMatchObject({ status, settledStroops });
    expect(stream?.settlement?.state).toBe(decision.state === "failed" ? undefined : "confirmed");
  });
});

describe("changes of many streams at once", () => {
  it("never block each other for ever, and keep the sizes of all lists", async () => {
    await Promise.all(STREAMS.map((id) => streams.create("acme", newStream(id))));
    await startAll();
    expect(await listWrongSizes()).toEqual([]);
    const { total } = await streams.list("acme", { status: "active" }, { limit: 1 });
    expect(total).toBe(STREAMS.length);
  });

  it("end the payments of one transaction together, beside those of another", async () => {
    await Promise.all(STREAMS.map((id) => streams.create("acme", newStream(id))));
    await startAll();
    const intentIds = await Promise.all(
      STREAMS.map((id) =>
        streams.withLock("acme", id, (locked) => {
          const write = settling(locked, "acme");
          locked.save(write);
          return write.charge.intentId;
        }),
      ),
    );
    const resolutions = STREAMS.map(
      (id, index): Resolution => ({
        intentId: intentIds[index] ?? "",
        tenantId: "acme",
        kind: "stream",
        subjectId: `${id}/1`,
        state: index % 5 === 0 ? "refused" : "confirmed",
        resolvedAtMs: Date.now(),
        txHash: "ab".repeat(32),
        ledger: 7,
      }),
    );
    const engine = test.login("billing", { role: "orrery_submitter" }).kysely;
    const settle = (some: readonly Resolution[]) =>
      engine.transaction().execute((transaction) => settleStreams(transaction, some));
    // Four at once, each with streams from all over, in opposite orders.
    await Promise.all(
      [0, 1, 2, 3].map((part) => {
        const some = resolutions.filter((_resolution, index) => index % 4 === part);
        return settle(part % 2 === 0 ? some : some.toReversed());
      }),
    );
    expect(await listWrongSizes()).toEqual([]);
    const sizeOf = async (status: "active" | "ended") =>
      (await streams.list("acme", { status }, { limit: 1 })).total;
    expect([await sizeOf("active"), await sizeOf("ended")]).toEqual([8, 32]);
    // Told again, which an engine may that lost a commit's answer: nothing more happens.
    await settle(resolutions);
    expect(await listWrongSizes()).toEqual([]);
    expect(await sizeOf("ended")).toBe(32);
  });

  it("are refused by the database where they would rewrite what happened, or the terms", async () => {
    await streams.create("acme", newStream("s-1"));
    const superuser = test.database().kysely;
    for (const statement of [
      sql`update activity_events set type = 'stream.ended'`,
      sql`delete from activity_events`,
    ]) {
      await expect(statement.execute(superuser)).rejects.toThrow("append-only");
    }
    const asRequest = test.login("billing", { role: "orrery_request" }).kysely;
    for (const column of ["recipient", "rate_per_second_stroops", "total_stroops"]) {
      const change = sql`update streams set ${sql.ref(column)} = ${sql.ref(column)}`;
      await expect(change.execute(asRequest)).rejects.toMatchObject({ code: "42501" });
    }
  });
});
