import type { AttemptRecord } from "@orrery/soroban/intent/attempt";
import type { SubmissionIntent } from "@orrery/soroban/intent/submission-intent";
import type { IntentRecord } from "@orrery/soroban/journal/submission-journal";
import { rearmDueAtMs } from "@orrery/soroban/pacing/back-off";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import {
  findArchivedIntent,
  listArchivedAttempts,
} from "../submission-archive/archive-statements.kysely.ts";
import { attemptOf, intentOf, intentRow, resolutionOfRow } from "./submission-rows.ts";

/**
 * Stores intents in the caller's own transaction, so that an acceptance and its charge commit
 * together or not at all. Wake the engine after the commit.
 * An intent that is there already is left as it is. Runs under row-level security.
 */
export async function insertIntents(
  transaction: OrreryDatabase | OrreryTransaction,
  intents: readonly SubmissionIntent[],
): Promise<void> {
  if (intents.length === 0) return;
  // In key order, so that two batches that share keys cannot wait for each other.
  const rows = intents
    .map(intentRow)
    .sort((a, b) => compare(a.tenant_id, b.tenant_id) || compare(a.intent_id, b.intent_id));
  await transaction
    .insertInto("submission_intents")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["tenant_id", "intent_id"]).doNothing())
    .execute();
}

/**
 * Takes a refused or failed intent back to `received` in the caller's own transaction; false in any
 * other state. Wake the engine after the commit.
 */
export async function rearmIntent(
  transaction: OrreryDatabase | OrreryTransaction,
  tenantId: string,
  intentId: string,
  nowMs: number,
): Promise<boolean> {
  const row = await transaction
    .selectFrom("submission_intents")
    .select(["resolved_at_ms", "attempt_ids", "lease_epoch"])
    .where("tenant_id", "=", tenantId)
    .where("intent_id", "=", intentId)
    .where("state", "in", ["refused", "failed"])
    .executeTakeFirst();
  if (row === undefined) return false;
  const resolvedAtMs = Number(row.resolved_at_ms ?? nowMs);
  const result = await transaction
    .updateTable("submission_intents")
    .set({
      state: "received",
      armed_at_ms: BigInt(nowMs),
      due_at_ms: BigInt(rearmDueAtMs(nowMs, resolvedAtMs, row.attempt_ids.length)),
      retry_count: 0,
      current_attempt_id: null,
      // Whoever still holds the lease under which it ended has nothing to do with it any more.
      lease_epoch: 0n,
      ...UNRESOLVED,
    })
    .where("tenant_id", "=", tenantId)
    .where("intent_id", "=", intentId)
    .where("state", "in", ["refused", "failed"])
    // The end that was read is the end that is undone.
    .where("lease_epoch", "=", row.lease_epoch)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

const UNRESOLVED = {
  resolved_at_ms: null,
  tx_hash: null,
  ledger: null,
  return_value: null,
  evidence: null,
  failure: null,
} as const;

/**
 * The intent and its attempts, oldest first, wherever they are kept by now; undefined when this
 * tenant has no such intent.
 */
export async function findIntent(
  db: OrreryDatabase | OrreryTransaction,
  tenantId: string,
  intentId: string,
): Promise<IntentRecord | undefined> {
  const kept = await db
    .selectFrom("submission_intents")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("intent_id", "=", intentId)
    .executeTakeFirst();
  const row = kept ?? (await findArchivedIntent(db, tenantId, intentId));
  if (row === undefined) return undefined;
  const resolution = resolutionOfRow(row);
  return {
    intent: intentOf(row),
    state: row.state,
    attempts: await listAttempts(db, tenantId, row.attempt_ids),
    ...(resolution && { resolution }),
  };
}

async function listAttempts(
  db: OrreryDatabase | OrreryTransaction,
  tenantId: string,
  attemptIds: readonly string[],
): Promise<AttemptRecord[]> {
  if (attemptIds.length === 0) return [];
  const rows = await db
    .selectFrom("submission_attempts")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("attempt_id", "in", attemptIds)
    .execute();
  const archived =
    rows.length < attemptIds.length ? await listArchivedAttempts(db, tenantId, attemptIds) : [];
  const byId = new Map([...archived, ...rows].map((row) => [row.attempt_id, attemptOf(row)]));
  return attemptIds.flatMap((attemptId) => byId.get(attemptId) ?? []);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
