import {
  leaseOne,
  newIntent,
  prepareOne,
  readyChannels,
  T0,
} from "@orrery/soroban/journal/contract/fixtures";
import { type Outcome, tokenOf } from "@orrery/soroban/journal/submission-journal";
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenant } from "../database.ts";
import { findIntent, insertIntents } from "../submission-journal/request-statements.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselySubmissionArchiveRepository } from "./submission-archive-repository.kysely.ts";

const test = useTestDatabase();
const OLD = { endedBeforeMs: T0 + 1_000, limit: 10 };
const CHARGED: Outcome = {
  state: "confirmed",
  confirmation: { evidence: "transaction", txHash: "ab".repeat(32), ledger: 105, returnValue: "7" },
};
const REFUSED: Outcome = { state: "refused", failure: { reason: "insufficient_balance" } };

describe("the archive of settled submissions", () => {
  let journal: ReturnType<typeof createKyselyJournal>;
  let archive: KyselySubmissionArchiveRepository;

  beforeEach(async () => {
    await test.empty();
    const { kysely } = test.database();
    journal = createKyselyJournal({ database: kysely });
    archive = new KyselySubmissionArchiveRepository(kysely);
    await readyChannels(journal, 4);
  });

  const release = { index: 0, nextSequence: 42n, resolvedLedger: 105 };

  async function charged() {
    const { intent, prepared } = await prepareOne(journal);
    const end = { atMs: T0 + 10, recordId: intent.intentId };
    expect(await journal.resolve(tokenOf(prepared), CHARGED, end, release)).toBe(true);
    return intent;
  }

  it("tells the same story of a charge before and after, but for the envelope", async () => {
    const intent = await charged();
    const before = await journal.findIntent("acme", intent.intentId);
    expect(await archive.archive(OLD)).toEqual({ intents: 1, attempts: 1 });
    expect(await archive.archive(OLD)).toEqual({ intents: 0, attempts: 0 });
    const after = await withTenant(test.database().kysely, "acme", (transaction) =>
      findIntent(transaction, "acme", intent.intentId),
    );
    expect(before?.attempts[0]?.hashes?.[0]?.envelopeXdr).toBe("AAAA");
    expect(after?.attempts[0]?.hashes?.[0]?.envelopeXdr).toBe("");
    const attempts = before?.attempts.map((attempt) => ({
      ...attempt,
      hashes: attempt.hashes?.map((hash) => ({ ...hash, envelopeXdr: "" })),
    }));
    expect(after).toEqual({ ...before, attempts });
    const { rows } = await sql`select from submission_intents`.execute(test.database().kysely);
    expect(rows).toHaveLength(0);
  });

  it("keeps a marker taken", async () => {
    const intent = await charged();
    await archive.archive(OLD);
    const again = newIntent({ subjectId: intent.subjectId, marker: intent.marker });
    await expect(journal.insertIntents([newIntent(), again])).rejects.toMatchObject({
      code: "23505",
      constraint: "submission_intents_marker_unique",
    });
    const asTenant = withTenant(test.database().kysely, "acme", (transaction) =>
      insertIntents(transaction, [again]),
    );
    await expect(asTenant).rejects.toMatchObject({ code: "23505" });
    const elsewhere = newIntent({ tenantId: "beta", marker: intent.marker });
    await journal.insertIntents([elsewhere]);
  });

  it("keeps a marker taken that is archived while its second insert waits", async () => {
    const intent = await charged();
    const { kysely } = test.database();
    const again = newIntent({ subjectId: intent.subjectId, marker: intent.marker });
    let inserting: Promise<unknown> | undefined;
    await kysely.transaction().execute(async (transaction) => {
      await sql`
        with moved as (delete from submission_intents where intent_id = ${intent.intentId} returning *)
        insert into submission_intents_archive
          (tenant_id, intent_id, marker, vault_contract_id, ledger, record)
        select tenant_id, intent_id, marker, vault_contract_id, ledger, to_jsonb(moved) from moved
      `.execute(transaction);
      inserting = journal.insertIntents([again]).then(
        () => "inserted",
        (error: unknown) => (error as { code: string }).code,
      );
      for (let waiting = 0; waiting === 0; ) {
        const { rows } = await sql`
          select from pg_stat_activity where wait_event_type = 'Lock'
            and query like 'insert into "submission_intents"%' and datname = current_database()
        `.execute(kysely);
        waiting = rows.length;
      }
    });
    expect(await inserting).toBe("23505");
  });

  it("leaves alone what is young, under way, unknown or may be tried again", async () => {
    await charged();
    expect(await archive.archive({ ...OLD, endedBeforeMs: T0 })).toEqual({
      intents: 0,
      attempts: 0,
    });
    const refused = newIntent();
    await journal.insertIntents([refused]);
    const token = tokenOf(await leaseOne(journal));
    await journal.resolve(token, REFUSED, { atMs: T0 + 10, recordId: refused.intentId });
    const { intent: underWay } = await prepareOne(journal);
    const { intent: unknown, prepared } = await prepareOne(journal);
    const lost: Outcome = { state: "unknown", failure: { reason: "undecided" } };
    await journal.resolve(tokenOf(prepared), lost, { atMs: T0 + 10, recordId: unknown.intentId });

    const { intent: rebuilt, prepared: first } = await prepareOne(journal);
    await journal.markDead(tokenOf(first), { atMs: T0 + 10, ledger: 110 });

    // The refusal's line of history goes; the intent stays and finds it there.
    expect(await archive.archive(OLD)).toEqual({ intents: 1, attempts: 2 });
    const kept = await sql<{ id: string }>`select intent_id as id from submission_intents`.execute(
      test.database().kysely,
    );
    const expected = [refused, underWay, unknown, rebuilt].map(({ intentId }) => intentId);
    expect(kept.rows.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(await journal.rearm("acme", refused.intentId, T0 + 60_000)).toBe(true);
    expect(await journal.findIntent("acme", refused.intentId)).toMatchObject({
      state: "received",
      attempts: [{ state: "refused", failure: { reason: "insufficient_balance" } }],
    });
    for (const { intentId } of [underWay, unknown, rebuilt]) {
      const { attempts } = (await journal.findIntent("acme", intentId)) ?? {};
      expect(attempts?.[0]?.hashes?.[0]?.envelopeXdr).toBe("AAAA");
    }
  });

  it("moves no more than it was told to", async () => {
    for (let count = 0; count < 3; count += 1) await charged();
    expect(await archive.archive({ ...OLD, limit: 2 })).toEqual({ intents: 2, attempts: 2 });
    expect(await archive.archive({ ...OLD, limit: 2 })).toEqual({ intents: 1, attempts: 1 });
  });

  it("shows no tenant another one's archive", async () => {
    const intent = await charged();
    await archive.archive(OLD);
    const seen = await withTenant(test.database().kysely, "beta", (transaction) =>
      findIntent(transaction, "acme", intent.intentId),
    );
    expect(seen).toBeUndefined();
  });
});
