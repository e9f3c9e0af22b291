import type { Resolution } from "@orrery/soroban/intent/resolution";
import { prepareOne, readyChannels, T0 } from "@orrery/soroban/journal/contract/fixtures";
import { tokenOf } from "@orrery/soroban/journal/submission-journal";
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenant } from "../database.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyOperatorRepository } from "./operator-repository.kysely.ts";
import { KyselyReconciliationStateRepository } from "./reconciliation-state-repository.kysely.ts";

const test = useTestDatabase();
const AT = new Date(T0 + 60_000);
const CONFIRMED = { state: "confirmed", txHash: "cd".repeat(32), ledger: 99 } as const;

describe("what operators decide", () => {
  let journal: ReturnType<typeof createKyselyJournal>;
  let operator: KyselyOperatorRepository;
  let told: Resolution[];
  let hookError: Error | undefined;

  beforeEach(async () => {
    await test.empty();
    told = [];
    hookError = undefined;
    const { kysely } = test.database();
    journal = createKyselyJournal({ database: kysely });
    operator = new KyselyOperatorRepository({
      database: kysely,
      onResolved: (_transaction, resolutions) => {
        if (hookError !== undefined) throw hookError;
        told.push(...resolutions);
      },
    });
    await readyChannels(journal, 3);
  });

  async function unknown() {
    const { intent, prepared } = await prepareOne(journal);
    const failure = { reason: "undecided" } as const;
    const end = { atMs: T0 + 10, recordId: intent.intentId };
    await journal.resolve(tokenOf(prepared), { state: "unknown", failure }, end, { index: 0 });
    return {
      intent,
      key: { tenantId: "acme", kind: "deduct", subjectId: intent.subjectId },
    } as const;
  }

  const action = () => ({
    operator: "grace",
    evidence: "seen at an explorer",
    at: AT,
    auditId: uuidv7(),
  });

  async function listAudit() {
    const query = sql<{ tenant_id: string; action: string; operator: string; evidence: string }>`
      select tenant_id, action, operator, evidence from operator_audit`;
    return (await query.execute(test.database().kysely)).rows;
  }

  it("shows what is unknown with every transaction that was signed for it", async () => {
    const { intent } = await unknown();
    await unknown();
    const [first] = await operator.listUnknown(undefined, 1);
    const rest = await operator.listUnknown(first, 10);
    expect(rest).toHaveLength(1);
    const { marker, amountStroops } = intent;
    expect([first, ...rest]).toContainEqual(
      expect.objectContaining({ marker, amountStroops, txHashes: ["ab".repeat(32)] }),
    );
  });

  it("confirms with the transaction, tells the hook and keeps the history", async () => {
    const { intent, key } = await unknown();
    expect(await operator.resolveUnknown(key, CONFIRMED, action())).toBe(true);
    expect(told).toMatchObject([{ ...CONFIRMED, evidence: "operator", subjectId: key.subjectId }]);
    expect(await journal.findIntent("acme", intent.intentId)).toMatchObject({
      state: "confirmed",
      attempts: [{ state: "unknown" }, { state: "confirmed" }],
      resolution: { txHash: CONFIRMED.txHash, ledger: 99, evidence: "operator" },
    });
    expect(await listAudit()).toEqual([
      {
        tenant_id: "acme",
        action: "unknown.confirmed",
        operator: "grace",
        evidence: "seen at an explorer",
      },
    ]);
  });

  it("fails so that the same request may be charged", async () => {
    const { intent, key } = await unknown();
    expect(await operator.resolveUnknown(key, { state: "failed" }, action())).toBe(true);
    expect(told).toMatchObject([{ state: "failed", failure: { reason: "operator" } }]);
    expect(await journal.rearm("acme", intent.intentId, T0 + 120_000)).toBe(true);
  });

  it("decides once: of two operators one, and never over the engine", async () => {
    const { key } = await unknown();
    const decisions = [CONFIRMED, { state: "failed" } as const, CONFIRMED];
    const results = await Promise.all(
      decisions.map((decision) => operator.resolveUnknown(key, decision, action())),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await listAudit()).toHaveLength(1);
    const { intent } = await prepareOne(journal);
    const underWay = { ...key, subjectId: intent.subjectId };
    expect(await operator.resolveUnknown(underWay, CONFIRMED, action())).toBe(false);
    expect(await operator.resolveUnknown({ ...key, tenantId: "beta" }, CONFIRMED, action())).toBe(
      false,
    );
  });

  it("changes nothing and notes nothing when the hook fails", async () => {
    const { key } = await unknown();
    hookError = new Error("no usage event");
    await expect(operator.resolveUnknown(key, CONFIRMED, action())).rejects.toThrow(
      "no usage event",
    );
    expect(await operator.findUnknown(key)).toBeDefined();
    expect(await listAudit()).toEqual([]);
  });

  it("keeps its records: nobody changes or deletes one, nor appends without evidence", async () => {
    const { key } = await unknown();
    await operator.resolveUnknown(key, CONFIRMED, action());
    const { kysely } = test.database();
    for (const statement of [
      "update operator_audit set operator = 'x'",
      "delete from operator_audit",
    ]) {
      await expect(sql.raw(statement).execute(kysely)).rejects.toThrow("append-only");
      const asTenant = withTenant(kysely, "acme", (transaction) =>
        sql.raw(statement).execute(transaction),
      );
      await expect(asTenant).rejects.toThrow("permission denied");
    }
    const other = await unknown();
    const silent = { ...action(), evidence: "" };
    await expect(operator.resolveUnknown(other.key, CONFIRMED, silent)).rejects.toThrow(
      "operator_audit_evidence_check",
    );
    expect(await operator.findUnknown(other.key)).toBeDefined();
  });

  it("closes a difference for good, though it is found again", async () => {
    const state = new KyselyReconciliationStateRepository(test.database().kysely);
    const difference = {
      kind: "event_without_row",
      vaultContractId: "CVAULT",
      ledger: 7,
      txHash: "aa",
      detail: "one",
    } as const;
    const [opened] = await state.note([difference], AT);
    if (opened === undefined) throw new Error("not opened");
    expect(await state.note([difference], AT)).toEqual([]);
    expect(await operator.closeDifference(opened.id, action())).toBe(true);
    expect(await operator.closeDifference(opened.id, action())).toBe(false);
    expect(await state.note([difference], AT)).toEqual([]);
    expect(await state.countOpen()).toMatchObject({ event_without_row: 0 });

    const [gone] = await state.note([{ ...difference, ledger: 8 }], AT);
    await state.settle([gone?.id ?? ""], AT);
    expect(await state.listOpen(undefined, 10)).toEqual([]);
    expect(await state.note([{ ...difference, ledger: 8 }], AT)).toHaveLength(1);
    expect(await state.listOpen(undefined, 10)).toHaveLength(1);
  });
});
