import type {
  LeasedSubmission,
  LeaseRequest,
  LeaseToken,
} from "@orrery/soroban/journal/submission-journal";
import { type Selectable, sql } from "kysely";
import type { OrreryDatabase } from "../database.ts";
import { leasedOf } from "./submission-rows.ts";
import type { SubmissionIntentsTable } from "./submission-tables.ts";

type IntentRow = Selectable<SubmissionIntentsTable>;

const RECEIVED = sql`state = 'received'`;
const IN_FLIGHT = sql`state in ('prepared', 'sent', 'dead')`;

/** Leases what is due, see `SubmissionJournal.leaseDue`. */
export async function leaseDue(
  db: OrreryDatabase,
  request: LeaseRequest,
): Promise<LeasedSubmission[]> {
  const { resumeLimit, newLimit } = request;
  const rows = resumeLimit > 0 ? await leaseLeft(db, request) : [];
  if (newLimit > 0) rows.push(...(await leaseNew(db, request)));
  const submissions = [...Map.groupBy(rows, (row) => row.lease_epoch).values()];
  return withAttempts(db, submissions);
}

/**
 * What another worker left, the intents of one attempt together or not at all. In-flight rows are
 * few (channels × batch), and those that are due fewer.
 */
async function leaseLeft(db: OrreryDatabase, request: LeaseRequest): Promise<IntentRow[]> {
  const { rows } = await sql<IntentRow>`
    with due as materialized (
      select i.tenant_id, i.intent_id, i.current_attempt_id, i.due_at_ms
      from submission_intents i
      where ${IN_FLIGHT} and i.due_at_ms <= ${request.nowMs}
      order by i.due_at_ms, i.tenant_id, i.intent_id for update skip locked
    ),
    whole as (
      select due.tenant_id, due.current_attempt_id, row_number() over (
        partition by due.tenant_id order by min(due.due_at_ms), due.current_attempt_id
      ) as turn
      from due group by due.tenant_id, due.current_attempt_id
      having count(*) = (
        select count(*) from submission_intents s where s.${IN_FLIGHT}
          and s.tenant_id = due.tenant_id and s.current_attempt_id = due.current_attempt_id
      )
    ),
    taken as materialized (
      select chosen.*, nextval('submission_lease_epochs') as epoch from (
        select tenant_id, current_attempt_id from whole
        order by turn, tenant_id <= ${request.afterTenantId ?? ""}, tenant_id
        limit ${request.resumeLimit}
      ) as chosen
    )
    update submission_intents i set
      lease_owner = ${request.owner}, lease_epoch = taken.epoch, due_at_ms = ${request.leaseUntilMs}
    from taken join due using (tenant_id, current_attempt_id)
    where i.tenant_id = due.tenant_id and i.intent_id = due.intent_id
    returning i.*
  `.execute(db);
  return rows;
}

/**
 * New submissions, see the function's own text in the migrations. It waits for the disk: were a crash
 * of the database server to forget the epoch, it would give the same one to another worker.
 */
async function leaseNew(db: OrreryDatabase, request: LeaseRequest): Promise<IntentRow[]> {
  const { owner, nowMs, leaseUntilMs, newLimit, batchLimit = 1, afterTenantId = "" } = request;
  const { rows } = await sql<IntentRow>`
    select * from lease_new_submissions(
      ${owner}, ${nowMs}, ${leaseUntilMs}, ${newLimit}, ${batchLimit}, ${afterTenantId}
    )
  `.execute(db);
  return rows;
}

async function withAttempts(
  db: OrreryDatabase,
  submissions: readonly IntentRow[][],
): Promise<LeasedSubmission[]> {
  const open = submissions.flatMap(([row]) => (row?.current_attempt_id ? [row] : []));
  if (open.length === 0) return submissions.map((rows) => leasedOf(rows, undefined));
  const attempts = await db
    .selectFrom("submission_attempts")
    .selectAll()
    .where((eb) =>
      eb(
        eb.refTuple("tenant_id", "attempt_id"),
        "in",
        open.map((row) => eb.tuple(row.tenant_id, row.current_attempt_id ?? "")),
      ),
    )
    .execute();
  const byId = new Map(attempts.map((attempt) => [attempt.attempt_id, attempt]));
  return submissions.map((rows) => leasedOf(rows, byId.get(rows[0]?.current_attempt_id ?? "")));
}

/** Prolongs leases, see `SubmissionJournal.renew`. */
export async function renewLeases(
  db: OrreryDatabase,
  tokens: readonly LeaseToken[],
  leaseUntilMs: number,
): Promise<ReadonlySet<bigint>> {
  if (tokens.length === 0) return new Set();
  const wanted = tokens.flatMap((token) =>
    token.intentIds.map((intentId) => ({ ...token, intentId })),
  );
  const { rows } = await sql<{ lease_epoch: string }>`
    update submission_intents i set due_at_ms = ${leaseUntilMs}
    from unnest(
      ${wanted.map((row) => row.tenantId)}::text[],
      ${wanted.map((row) => row.intentId)}::uuid[],
      ${wanted.map((row) => String(row.epoch))}::bigint[]
    ) as wanted (tenant_id, intent_id, epoch)
    where i.tenant_id = wanted.tenant_id and i.intent_id = wanted.intent_id
      and i.lease_epoch = wanted.epoch and (i.${RECEIVED} or i.${IN_FLIGHT})
    returning i.lease_epoch
  `.execute(db);
  return new Set(rows.map((row) => BigInt(row.lease_epoch)));
}

/** What a lease's holder would see now, see `SubmissionJournal.reread`. */
export async function rereadLease(
  db: OrreryDatabase,
  token: LeaseToken,
): Promise<LeasedSubmission | undefined> {
  const rows = await db
    .selectFrom("submission_intents")
    .selectAll()
    .where("tenant_id", "=", token.tenantId)
    .where("intent_id", "in", token.intentIds)
    .where("lease_epoch", "=", String(token.epoch))
    .where("state", "in", ["received", "prepared", "sent", "dead"])
    .execute();
  if (rows.length === 0) return undefined;
  const [leased] = await withAttempts(db, [rows]);
  return leased;
}
