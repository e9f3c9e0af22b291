import type { Attempt, AttemptHash, AttemptRecord } from "@orrery/soroban/intent/attempt";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import { isActive, type SubmissionIntent } from "@orrery/soroban/intent/submission-intent";
import type { LeasedSubmission } from "@orrery/soroban/journal/submission-journal";
import type { Insertable, Selectable } from "kysely";
import type {
  StoredHash,
  SubmissionAttemptsTable,
  SubmissionIntentsTable,
} from "./submission-tables.ts";

type IntentRow = Selectable<SubmissionIntentsTable>;
type AttemptRow = Selectable<SubmissionAttemptsTable>;

export function intentOf(row: IntentRow): SubmissionIntent {
  return {
    intentId: row.intent_id,
    tenantId: row.tenant_id,
    kind: row.kind,
    subjectId: row.subject_id,
    vaultContractId: row.vault_contract_id,
    payee: row.payee,
    amountStroops: BigInt(row.amount_stroops),
    marker: row.marker,
    createdAtMs: Number(row.created_at_ms),
  };
}

export function intentRow(intent: SubmissionIntent): Insertable<SubmissionIntentsTable> {
  const createdAtMs = BigInt(intent.createdAtMs);
  return {
    tenant_id: intent.tenantId,
    intent_id: intent.intentId,
    kind: intent.kind,
    subject_id: intent.subjectId,
    vault_contract_id: intent.vaultContractId,
    payee: intent.payee,
    amount_stroops: intent.amountStroops,
    marker: intent.marker,
    created_at_ms: createdAtMs,
    armed_at_ms: createdAtMs,
    due_at_ms: createdAtMs,
  };
}

/** How a settled row ended; undefined while it is active. */
export function resolutionOfRow(row: IntentRow): Resolution | undefined {
  if (isActive(row.state)) return undefined;
  return {
    intentId: row.intent_id,
    tenantId: row.tenant_id,
    kind: row.kind,
    subjectId: row.subject_id,
    state: row.state,
    resolvedAtMs: Number(row.resolved_at_ms),
    ...present({
      txHash: row.tx_hash,
      ledger: row.ledger,
      returnValue: row.return_value,
      evidence: row.evidence,
      failure: row.failure,
    }),
  };
}

export function attemptOf(row: AttemptRow): AttemptRecord {
  return {
    attemptId: row.attempt_id,
    state: row.state,
    ...present({
      purpose: row.purpose,
      channelIndex: row.channel_index,
      channelPublicKey: row.channel_public_key,
      sequence: row.sequence === null ? null : BigInt(row.sequence),
      hashes: row.hashes?.map(hashOf) ?? null,
      replacedHashes: row.replaced_hashes,
      ledgerAtBuild: row.ledger_at_build,
      maxLedger: row.max_ledger,
      maxTimeS: toNumber(row.max_time_s),
      preparedAtMs: toNumber(row.prepared_at_ms),
      sentAtMs: toNumber(row.sent_at_ms),
      endedAtMs: toNumber(row.ended_at_ms),
      ledger: row.ledger,
      failure: row.failure,
    }),
  };
}

/** The rows of one lease, in order of arrival, and their open attempt where they have one. */
export function leasedOf(
  rows: readonly IntentRow[],
  attempt: AttemptRow | undefined,
): LeasedSubmission {
  const inOrder = rows.toSorted(byArrival);
  const [first] = inOrder;
  if (first === undefined) throw new Error("a submission of no intents");
  if (!isActive(first.state)) throw new Error(`a lease on ${first.state}`);
  return {
    tenantId: first.tenant_id,
    intentIds: inOrder.map((row) => row.intent_id),
    intents: inOrder.map((row) => ({
      ...intentOf(row),
      retryCount: row.retry_count,
      armedAtMs: Number(row.armed_at_ms),
    })),
    state: first.state,
    attemptId: first.current_attempt_id,
    epoch: BigInt(first.lease_epoch),
    // An open attempt was prepared, so that it has every field of one.
    ...(attempt && { attempt: attemptOf(attempt) as Attempt }),
  };
}

function byArrival(a: IntentRow, b: IntentRow): number {
  return Number(a.armed_at_ms) - Number(b.armed_at_ms) || (a.intent_id < b.intent_id ? -1 : 1);
}

export function storedHash(hash: AttemptHash): StoredHash {
  return { ...hash, feeStroops: String(hash.feeStroops) };
}

function hashOf(stored: StoredHash) {
  return { ...stored, feeStroops: BigInt(stored.feeStroops) };
}

function toNumber(value: string | null): number | null {
  return value === null ? null : Number(value);
}

type Present<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> };

/** The fields that are not null: an absent optional is left out, never null. */
function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null),
  ) as Present<Fields>;
}
