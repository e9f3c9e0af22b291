import { sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { withRole } from "../system-role.ts";
import type {
  ArchivedBatch,
  SubmissionArchiveRepository,
} from "./submission-archive-repository.ts";

export class KyselySubmissionArchiveRepository implements SubmissionArchiveRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async archive(request: { endedBeforeMs: number; limit: number }): Promise<ArchivedBatch> {
    return withRole(this.#database, "orrery_archiver", async (transaction) => ({
      intents: await moveIntents(transaction, request),
      attempts: await moveAttempts(transaction, request),
    }));
  }
}

type Request = Parameters<SubmissionArchiveRepository["archive"]>[0];

async function moveIntents(
  transaction: OrreryTransaction,
  { endedBeforeMs, limit }: Request,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (
      select tenant_id, intent_id from submission_intents
      where state = 'confirmed' and resolved_at_ms < ${endedBeforeMs}
      order by resolved_at_ms limit ${limit} for update skip locked
    ),
    moved as (
      delete from submission_intents i using old
      where i.tenant_id = old.tenant_id and i.intent_id = old.intent_id and i.state = 'confirmed'
      returning i.*
    )
    insert into submission_intents_archive
      (tenant_id, intent_id, marker, vault_contract_id, ledger, record)
    select tenant_id, intent_id, marker, vault_contract_id, ledger, to_jsonb(moved) from moved
  `.execute(transaction);
  return Number(numAffectedRows ?? 0n);
}

/** A batch's attempt is many intents': it goes once none of them may still need it. */
async function moveAttempts(
  transaction: OrreryTransaction,
  { endedBeforeMs, limit }: Request,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (
      select tenant_id, attempt_id from submission_attempts a
      where state in ('refused', 'confirmed', 'failed', 'dead') and ended_at_ms < ${endedBeforeMs}
        and not exists (
          select from submission_intents i
          where i.tenant_id = a.tenant_id and i.intent_id = any (a.intent_ids)
            and i.state not in ('confirmed', 'refused', 'failed')
        )
      order by ended_at_ms limit ${limit} for update skip locked
    ),
    moved as (
      delete from submission_attempts a using old
      where a.tenant_id = old.tenant_id and a.attempt_id = old.attempt_id returning a.*
    )
    insert into submission_attempts_archive (tenant_id, attempt_id, record)
    select tenant_id, attempt_id, to_jsonb(moved) || jsonb_build_object('hashes', (
      select jsonb_agg(element || '{"envelopeXdr": ""}' order by position)
      from jsonb_array_elements(hashes) with ordinality as stored (element, position)
    )) from moved
  `.execute(transaction);
  return Number(numAffectedRows ?? 0n);
}
