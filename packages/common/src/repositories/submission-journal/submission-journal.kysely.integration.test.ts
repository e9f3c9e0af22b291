import type { Resolution } from "@orrery/soroban/intent/resolution";
import {
  type JournalUnderTest,
  leaseOne,
  newIntent,
  T0,
} from "@orrery/soroban/journal/contract/fixtures";
import { describeSubmissionJournalContract } from "@orrery/soroban/journal/contract/submission-journal.contract";
import { tokenOf } from "@orrery/soroban/journal/submission-journal";
import { describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenant } from "../database.ts";
import { findIntent, insertIntents, rearmIntent } from "./request-statements.kysely.ts";
import { createKyselyJournal } from "./submission-journal.kysely.ts";

const testDatabase = useTestDatabase();

describeSubmissionJournalContract("Kysely on Postgres", makeJournal);

async function makeJournal(): Promise<JournalUnderTest> {
  await testDatabase.empty();
  const resolutions: Resolution[] = [];
  let hookError: Error | undefined;
  const journal = createKyselyJournal({
    database: testDatabase.database().kysely,
    async onResolved(_transaction, resolved) {
      if (hookError !== undefined) throw hookError;
      resolutions.push(...resolved);
    },
  });
  return { journal, resolutions, failHook: (error) => (hookError = error) };
}

describe("the request path under row-level security", () => {
  it("stores an intent with its caller's transaction, or not at all", async () => {
    const { journal } = await makeJournal();
    const { kysely } = testDatabase.database();
    const [kept, lost] = [newIntent(), newIntent()];
    await withTenant(kysely, "acme", (transaction) => insertIntents(transaction, [kept]));
    const failing = withTenant(kysely, "acme", async (transaction) => {
      await insertIntents(transaction, [lost]);
      throw new Error("the caller changed its mind");
    });
    await expect(failing).rejects.toThrow("changed its mind");
    expect((await leaseOne(journal)).intentIds).toEqual([kept.intentId]);
    expect(await journal.findIntent("acme", lost.intentId)).toBeUndefined();
  });

  it("re-arms and reads within the tenant's transaction", async () => {
    const { journal } = await makeJournal();
    const { kysely } = testDatabase.database();
    const intent = newIntent();
    await journal.insertIntents([intent]);
    await journal.resolve(
      tokenOf(await leaseOne(journal)),
      { state: "refused", failure: { reason: "insufficient_balance" } },
      { atMs: T0, recordId: intent.intentId },
    );
    const [isRearmed, found] = await withTenant(kysely, "acme", async (transaction) => [
      await rearmIntent(transaction, "acme", intent.intentId, T0 + 1_000),
      await findIntent(transaction, "acme", intent.intentId),
    ]);
    expect(isRearmed).toBe(true);
    expect(found).toMatchObject({ state: "received", attempts: [{ state: "refused" }] });
  });

  it("refuses another tenant's rows even where the filter is forgotten", async () => {
    const { journal } = await makeJournal();
    const { kysely } = testDatabase.database();
    const intent = newIntent({ tenantId: "beta" });
    await journal.insertIntents([intent]);
    const rows = await withTenant(kysely, "acme", (transaction) =>
      transaction.selectFrom("submission_intents").selectAll().execute(),
    );
    expect(rows).toEqual([]);
    const smuggle = withTenant(kysely, "acme", (transaction) =>
      insertIntents(transaction, [newIntent({ tenantId: "beta" })]),
    );
    await expect(smuggle).rejects.toThrow("row-level security");
  });

  it("writes what the hook writes in the resolution's own transaction", async () => {
    await testDatabase.empty();
    const { kysely } = testDatabase.database();
    const journal = createKyselyJournal({
      database: kysely,
      async onResolved(transaction, resolutions) {
        const [resolution] = resolutions;
        await transaction
          .insertInto("tenants")
          .values({ id: "told", name: resolution?.state ?? "" })
          .execute();
        if (resolution?.subjectId === "poison") throw new Error("poison");
      },
    });
    const toldTenants = () => kysely.selectFrom("tenants").selectAll().execute();
    for (const [subjectId, count] of [["poison", 0] as const, ["good", 1] as const]) {
      await journal.insertIntents([newIntent({ subjectId })]);
      const leased = await leaseOne(journal);
      await journal
        .resolve(
          tokenOf(leased),
          { state: "refused", failure: { reason: "expired" } },
          { atMs: T0, recordId: leased.intentIds[0] ?? "" },
        )
        .catch(() => false);
      expect(await toldTenants()).toHaveLength(count);
      await journal.release(tokenOf(leased), T0 + 900_000);
    }
  });
});
