import type { SubmissionFailure } from "@orrery/soroban/intent/failure";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { ResolutionHook } from "@orrery/soroban/journal/submission-journal";
import { type Selectable, sql } from "kysely";
import { uuidv7 } from "../../contracts/id.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import type { SubmissionIntentsTable } from "../submission-journal/submission-tables.ts";
import { withRole } from "../system-role.ts";
import type { OperatorAction } from "./operator-action.ts";
import type {
  OperatorRepository,
  UnknownDecision,
  UnknownKey,
  UnknownSubmission,
} from "./operator-repository.ts";

export interface KyselyOperatorRepositoryOptions {
  readonly database: OrreryDatabase;
  /** The journal's own: what it writes commits with the operator's decision. */
  readonly onResolved: ResolutionHook<OrreryTransaction>;
}

/** Works across tenants, like the journal whose transitions it completes. */
export class KyselyOperatorRepository implements OperatorRepository {
  readonly #options: KyselyOperatorRepositoryOptions;

  constructor(options: KyselyOperatorRepositoryOptions) {
    this.#options = options;
  }

  async listUnknown(
    after: UnknownSubmission | undefined,
    limit: number,
  ): Promise<UnknownSubmission[]> {
    return this.#asOperator(async (transaction) => {
      const query = unknown(transaction).orderBy("tenant_id").orderBy("intent_id").limit(limit);
      const rows = await (after === undefined
        ? query.execute()
        : query
            .where(
              sql<boolean>`(tenant_id, intent_id) > (${after.tenantId}, ${after.intentId}::uuid)`,
            )
            .execute());
      return withHashes(transaction, rows);
    });
  }

  async findUnknown(key: UnknownKey): Promise<UnknownSubmission | undefined> {
    return this.#asOperator(async (transaction) => {
      const rows = await unknown(transaction)
        .where("tenant_id", "=", key.tenantId)
        .where("kind", "=", key.kind)
        .where("subject_id", "=", key.subjectId)
        .execute();
      const [found] = await withHashes(transaction, rows);
      return found;
    });
  }

  async resolveUnknown(
    key: UnknownKey,
    decision: UnknownDecision,
    action: OperatorAction,
  ): Promise<boolean> {
    const { onResolved } = this.#options;
    return this.#asOperator(async (transaction) => {
      const resolution = await resolve(transaction, key, decision, action);
      if (resolution === undefined) return false;
      await onResolved(transaction, [resolution]);
      const { state, txHash, ledger } = resolution;
      await appendAudit(transaction, action, {
        tenantId: key.tenantId,
        action: `unknown.${state}`,
        subject: `${key.kind} ${key.subjectId}`,
        details: { intentId: resolution.intentId, txHash, ledger },
      });
      return true;
    });
  }

  async closeDifference(differenceId: string, action: OperatorAction): Promise<boolean> {
    return this.#asOperator(async (transaction) => {
      const row = await transaction
        .updateTable("reconciliation_differences")
        .set({ closed_at: action.at, closed_by: action.operator })
        .where("id", "=", differenceId)
        .where("closed_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return false;
      await appendAudit(transaction, action, {
        tenantId: row.tenant_id ?? "",
        action: "difference.closed",
        subject: row.id,
        details: row,
      });
      return true;
    });
  }

  #asOperator<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#options.database, "orrery_operator", work);
  }
}

function unknown(transaction: OrreryTransaction) {
  return transaction.selectFrom("submission_intents").selectAll().where("state", "=", "unknown");
}

async function withHashes(
  transaction: OrreryTransaction,
  rows: readonly Selectable<SubmissionIntentsTable>[],
): Promise<UnknownSubmission[]> {
  return Promise.all(rows.map(async (row) => unknownOf(row, await listHashes(transaction, row))));
}

async function listHashes(
  transaction: OrreryTransaction,
  row: Selectable<SubmissionIntentsTable>,
): Promise<string[]> {
  const { rows } = await sql<{ hash: string }>`
    select hash ->> 'hash' as hash from submission_attempts, jsonb_array_elements(hashes) as hash
    where tenant_id = ${row.tenant_id} and attempt_id = any (${row.attempt_ids}::uuid[])
      and jsonb_typeof(hashes) = 'array'
    order by prepared_at_ms
  `.execute(transaction);
  return rows.map(({ hash }) => hash);
}

/** The compare-and-set from `unknown`, with a line in the history. */
async function resolve(
  transaction: OrreryTransaction,
  { tenantId, kind, subjectId }: UnknownKey,
  decision: UnknownDecision,
  action: OperatorAction,
): Promise<Resolution | undefined> {
  const resolvedAtMs = action.at.getTime();
  const recordId = uuidv7(resolvedAtMs);
  const end = endOf(decision, action);
  const failure = end.failure === undefined ? null : JSON.stringify(end.failure);
  const row = await transaction
    .updateTable("submission_intents")
    .set({
      state: decision.state,
      resolved_at_ms: BigInt(resolvedAtMs),
      tx_hash: end.txHash ?? null,
      ledger: end.ledger ?? null,
      evidence: end.evidence ?? null,
      failure,
      attempt_ids: sql<string[]>`array_append(attempt_ids, ${recordId}::uuid)`,
    })
    .where("tenant_id", "=", tenantId)
    .where("kind", "=", kind)
    .where("subject_id", "=", subjectId)
    .where("state", "=", "unknown")
    .returning("intent_id")
    .executeTakeFirst();
  if (row === undefined) return undefined;
  await transaction
    .insertInto("submission_attempts")
    .values({
      tenant_id: tenantId,
      attempt_id: recordId,
      intent_ids: [row.intent_id],
      state: decision.state,
      ended_at_ms: BigInt(resolvedAtMs),
      ledger: end.ledger ?? null,
      failure,
    })
    .execute();
  const { state } = decision;
  return { intentId: row.intent_id, tenantId, kind, subjectId, state, resolvedAtMs, ...end };
}

type End = Pick<Resolution, "txHash" | "ledger" | "evidence" | "failure">;

function endOf(decision: UnknownDecision, { operator, evidence }: OperatorAction): End {
  if (decision.state === "failed") {
    const failure: SubmissionFailure = { reason: "operator", detail: `${operator}: ${evidence}` };
    return { failure };
  }
  const { txHash, ledger } = decision;
  return {
    evidence: "operator",
    ...(txHash !== undefined && { txHash }),
    ...(ledger !== undefined && { ledger }),
  };
}

async function appendAudit(
  transaction: OrreryTransaction,
  { auditId, operator, evidence, at }: OperatorAction,
  done: { tenantId: string; action: string; subject: string; details: object },
): Promise<void> {
  await transaction
    .insertInto("operator_audit")
    .values({
      tenant_id: done.tenantId,
      id: auditId,
      operator,
      action: done.action,
      subject: done.subject,
      evidence,
      details: JSON.stringify(done.details),
      recorded_at: at,
    })
    .execute();
}

function unknownOf(
  row: Selectable<SubmissionIntentsTable>,
  txHashes: readonly string[],
): UnknownSubmission {
  return {
    tenantId: row.tenant_id,
    intentId: row.intent_id,
    kind: row.kind,
    subjectId: row.subject_id,
    vaultContractId: row.vault_contract_id,
    payee: row.payee,
    amountStroops: BigInt(row.amount_stroops),
    marker: row.marker,
    since: new Date(Number(row.resolved_at_ms)),
    txHashes,
    ...(row.failure !== null && { failure: row.failure }),
  };
}
