import { type Selectable, sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import type {
  SubmissionAttemptsTable,
  SubmissionIntentsTable,
} from "../submission-journal/submission-tables.ts";

/** The intent's row as the journal had it; undefined when it was not archived. */
export async function findArchivedIntent(
  db: OrreryDatabase | OrreryTransaction,
  tenantId: string,
  intentId: string,
): Promise<Selectable<SubmissionIntentsTable> | undefined> {
  const { rows } = await sql<Selectable<SubmissionIntentsTable>>`
    select (jsonb_populate_record(null::submission_intents, record)).*
    from submission_intents_archive where tenant_id = ${tenantId} and intent_id = ${intentId}
  `.execute(db);
  return rows[0];
}

/** Those of the attempts that were archived, as the journal had them but for their envelopes. */
export async function listArchivedAttempts(
  db: OrreryDatabase | OrreryTransaction,
  tenantId: string,
  attemptIds: readonly string[],
): Promise<Selectable<SubmissionAttemptsTable>[]> {
  const { rows } = await sql<Selectable<SubmissionAttemptsTable>>`
    select (jsonb_populate_record(null::submission_attempts, record)).*
    from submission_attempts_archive
    where tenant_id = ${tenantId} and attempt_id = any (${[...attemptIds]}::uuid[])
  `.execute(db);
  return rows;
}
