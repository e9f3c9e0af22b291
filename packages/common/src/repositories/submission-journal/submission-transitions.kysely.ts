import { ACTIVE_STATES, type ActiveState } from "@orrery/soroban/intent/submission-intent";
import { resolutionOf } from "@orrery/soroban/journal/resolution-of";
import {
  hasOpenAttempt,
  type LeaseToken,
  type Outcome,
  type ResolutionHook,
  type SubmissionJournal,
} from "@orrery/soroban/journal/submission-journal";
import { sql, type Updateable, type UpdateObject } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import type { Schema } from "../schema.ts";
import { giveChannel } from "./channel-journal.kysely.ts";
import { markAttemptSent, prepareAttempt } from "./prepare-statement.kysely.ts";
import { intentOf, storedHash } from "./submission-rows.ts";
import type { SubmissionIntentsTable } from "./submission-tables.ts";

type Transitions = Pick<
  SubmissionJournal,
  "release" | "prepare" | "markSent" | "markDead" | "retryFailed" | "addHash" | "markRestored"
>;

/** Thrown to roll back: the compare-and-set did not hold. */
class LeaseLost extends Error {}

/** The journal's transitions on Postgres, each one transaction around one compare-and-set. */
export function createTransitions(db: OrreryDatabase): Transitions {
  const attempt = (work: Work) => attemptMove(db, work);

  return {
    release: (token, dueAtMs) =>
      attempt(async (trx) => {
        await move(trx, token, ACTIVE_STATES, { due_at_ms: BigInt(dueAtMs), ...GIVEN_BACK });
      }),

    prepare: (token, prepared, channel, abandoned) =>
      prepareAttempt(db, token, prepared, channel, abandoned),

    markSent: (token, sentAtMs) => markAttemptSent(db, token, sentAtMs),

    addHash: (token, hash) =>
      attempt(async (trx) => {
        await move(trx, token, ["prepared", "sent"], { state: token.state });
        const added = JSON.stringify([storedHash(hash)]);
        await amend(trx, token, { hashes: sql<string>`hashes || ${added}::jsonb` });
      }),

    markRestored: (token, { atMs, ledger }, channel) =>
      attempt(async (trx) => {
        await move(trx, token, ["prepared", "sent"], {
          state: "received",
          current_attempt_id: null,
          due_at_ms: BigInt(atMs),
          ...GIVEN_BACK,
        });
        await amend(trx, token, { state: "confirmed", ended_at_ms: BigInt(atMs), ledger });
        await giveChannel(trx, channel).execute();
      }),

    markDead: (token, { atMs, ledger, failure }) =>
      attempt(async (trx) => {
        await move(trx, token, ["prepared", "sent"], { state: "dead" });
        await amend(trx, token, {
          state: "dead",
          ended_at_ms: BigInt(atMs),
          ledger,
          failure: failure === undefined ? null : JSON.stringify(failure),
        });
      }),

    retryFailed: (token, { atMs, ledger, failure, dueAtMs }, channel) =>
      attempt(async (trx) => {
        await move(trx, token, ["prepared", "sent"], {
          state: "received",
          retry_count: sql<number>`retry_count + 1`,
          current_attempt_id: null,
          due_at_ms: BigInt(dueAtMs),
          ...GIVEN_BACK,
        });
        await amend(trx, token, {
          state: "failed",
          ended_at_ms: BigInt(atMs),
          ledger,
          failure: JSON.stringify(failure),
        });
        await giveChannel(trx, channel).execute();
      }),
  };
}

/** The transition to a terminal state, with the hook in its transaction. */
export function createResolve(
  db: OrreryDatabase,
  onResolved: ResolutionHook<OrreryTransaction> | undefined,
): Pick<SubmissionJournal, "resolve"> {
  return {
    resolve: (token, outcome, end, channel) =>
      attemptMove(db, async (trx) => {
        const recordId = hasOpenAttempt(token) ? undefined : end.recordId;
        const rows = await move(trx, token, ACTIVE_STATES, {
          ...resolvedColumns(outcome, end.atMs),
          ...(recordId !== undefined && { attempt_ids: appended(recordId) }),
        });
        await endAttempt(trx, token, outcome, end);
        if (channel !== undefined) await giveChannel(trx, channel).execute();
        const resolutions = rows.map((row) => resolutionOf(intentOf(row), outcome, end.atMs));
        await onResolved?.(trx, resolutions);
      }),
  };
}

type Work = (transaction: OrreryTransaction) => Promise<void>;

/** False when the work found the compare-and-set broken: nothing was changed then. */
async function attemptMove(db: OrreryDatabase, work: Work): Promise<boolean> {
  try {
    await db.transaction().execute(work);
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

/** The epoch moves on, so that the token which was given back is worth nothing any more. */
const GIVEN_BACK = {
  lease_owner: null,
  lease_epoch: sql<bigint>`nextval('submission_lease_epochs')`,
};

const appended = (attemptId: string) =>
  sql<string[]>`array_append(attempt_ids, ${attemptId}::uuid)`;

/** The compare-and-set on every intent of the token. @throws {LeaseLost} when it does not hold */
async function move(
  transaction: OrreryTransaction,
  token: LeaseToken,
  from: readonly ActiveState[],
  change: MoveColumns,
) {
  if (!from.includes(token.state)) throw new LeaseLost();
  const rows = await transaction
    .updateTable("submission_intents")
    .set(change)
    .where("tenant_id", "=", token.tenantId)
    .where("intent_id", "in", token.intentIds)
    .where("state", "=", token.state)
    .where("current_attempt_id", "is not distinct from", token.attemptId)
    .where("lease_epoch", "=", String(token.epoch))
    .returningAll()
    .execute();
  if (rows.length !== token.intentIds.length) throw new LeaseLost();
  return rows;
}

type MoveColumns = UpdateObject<Schema, "submission_intents">;
type AttemptColumns = UpdateObject<Schema, "submission_attempts">;

/** Changes the open attempt, which the compare-and-set before it has made the caller's own. */
async function amend(
  transaction: OrreryTransaction,
  token: LeaseToken,
  change: AttemptColumns,
): Promise<void> {
  if (token.attemptId === null) throw new Error(`no attempt is open in ${token.state}`);
  await transaction
    .updateTable("submission_attempts")
    .set(change)
    .where("tenant_id", "=", token.tenantId)
    .where("attempt_id", "=", token.attemptId)
    .execute();
}

/** Ends the open attempt; without one the history gets a line of its own. */
async function endAttempt(
  transaction: OrreryTransaction,
  token: LeaseToken,
  outcome: Outcome,
  end: { readonly atMs: number; readonly recordId: string },
): Promise<void> {
  const { ledger, failure } = endOf(outcome);
  const ended = { state: outcome.state, ended_at_ms: BigInt(end.atMs), ledger, failure };
  if (hasOpenAttempt(token)) return amend(transaction, token, ended);
  await transaction
    .insertInto("submission_attempts")
    .values({
      tenant_id: token.tenantId,
      attempt_id: end.recordId,
      intent_ids: [...token.intentIds],
      ...ended,
    })
    .execute();
}

function resolvedColumns(outcome: Outcome, atMs: number): Updateable<SubmissionIntentsTable> {
  const { ledger, failure } = endOf(outcome);
  const isConfirmed = outcome.state === "confirmed";
  const { txHash } = isConfirmed ? outcome.confirmation : outcome;
  return {
    state: outcome.state,
    resolved_at_ms: BigInt(atMs),
    lease_owner: null,
    tx_hash: txHash ?? null,
    ledger,
    failure,
    return_value: isConfirmed ? (outcome.confirmation.returnValue ?? null) : null,
    evidence: isConfirmed ? outcome.confirmation.evidence : null,
  };
}

function endOf(outcome: Outcome): { ledger: number | null; failure: string | null } {
  if (outcome.state === "confirmed") {
    return { ledger: outcome.confirmation.ledger ?? null, failure: null };
  }
  return { ledger: outcome.ledger ?? null, failure: JSON.stringify(outcome.failure) };
}
