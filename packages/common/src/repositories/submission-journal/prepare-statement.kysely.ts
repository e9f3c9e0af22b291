import type { PreparedAttempt } from "@orrery/soroban/intent/attempt";
import type { ChannelLease, ChannelRelease } from "@orrery/soroban/journal/channel-journal";
import type { LeaseToken } from "@orrery/soroban/journal/submission-journal";
import { sql } from "kysely";
import type { OrreryDatabase } from "../database.ts";
import { storedHash } from "./submission-rows.ts";

/**
 * received | dead → prepared in one statement, since it stands between accepting and sending: locks
 * what the compare-and-set is about, looks whether all of it holds, and changes everything or
 * nothing. See `SubmissionJournal.prepare`.
 */
export async function prepareAttempt(
  db: OrreryDatabase,
  token: LeaseToken,
  attempt: PreparedAttempt,
  channel: ChannelLease | "bound",
  abandoned: ChannelRelease | undefined,
): Promise<boolean> {
  const { tenantId, intentIds, state, attemptId, epoch } = token;
  if (state !== "received" && state !== "dead") return false;
  const isBound = channel === "bound";
  const { rows } = await sql`
    with held as materialized (
      select intent_id from submission_intents
      where tenant_id = ${tenantId} and intent_id = any(${intentIds}::uuid[])
        and state = ${state} and current_attempt_id is not distinct from ${attemptId}::uuid
        and lease_epoch = ${String(epoch)}::bigint
      for update
    ),
    leased as materialized (
      select channel_index from submission_channels
      where channel_index = ${isBound ? null : channel.index}::integer and state = 'leased'
        and lease_epoch = ${isBound ? null : String(channel.epoch)}::bigint
      for update
    ),
    agreed as materialized (
      select 1 where (select count(*) from held) = ${intentIds.length}
        and (select count(*) from leased) = ${isBound ? 0 : 1}
    ),
    moved as (
      update submission_intents set
        state = 'prepared', current_attempt_id = ${attempt.attemptId}::uuid,
        attempt_ids = array_append(attempt_ids, ${attempt.attemptId}::uuid)
      where tenant_id = ${tenantId} and intent_id = any(${intentIds}::uuid[])
        and exists (select from agreed)
    ),
    bound as (
      update submission_channels set
        state = 'bound', bound_tenant_id = ${tenantId}, bound_attempt_id = ${attempt.attemptId}
      from leased
      where submission_channels.channel_index = leased.channel_index
        and exists (select from agreed)
    ),
    ${abandonedChannel(abandoned)}
    stored as (
      insert into submission_attempts (
        tenant_id, attempt_id, intent_ids, state, purpose, channel_index, channel_public_key,
        sequence, hashes, replaced_hashes, ledger_at_build, max_ledger, max_time_s, prepared_at_ms
      )
      select ${tenantId}, ${attempt.attemptId}::uuid, ${intentIds}::uuid[], 'prepared',
        ${attempt.purpose}, ${attempt.channelIndex}::integer, ${attempt.channelPublicKey},
        ${String(attempt.sequence)}::bigint, ${JSON.stringify(attempt.hashes.map(storedHash))}::jsonb,
        ${attempt.replacedHashes}::text[], ${attempt.ledgerAtBuild}::integer,
        ${attempt.maxLedger}::integer, ${attempt.maxTimeS}::bigint,
        ${attempt.preparedAtMs}::bigint
      from agreed returning 1
    )
    select 1 from stored
  `.execute(db);
  return rows.length === 1;
}

/** The channel that a dead attempt leaves behind. */
function abandonedChannel(release: ChannelRelease | undefined) {
  if (release === undefined) return sql``;
  const { quarantine } = release;
  return sql`
    left_behind as (
      update submission_channels set
        state = ${quarantine === undefined ? "ready" : "quarantined"},
        until_ms = ${quarantine?.untilMs ?? 0}::bigint,
        quarantine_reason = ${quarantine?.reason ?? null},
        next_sequence = ${release.nextSequence === undefined ? null : String(release.nextSequence)}::bigint,
        last_resolved_ledger = greatest(last_resolved_ledger, ${release.resolvedLedger ?? 0}::integer),
        last_used = nextval('submission_lease_epochs'),
        bound_tenant_id = null, bound_attempt_id = null
      where channel_index = ${release.index}::integer and exists (select from agreed)
    ),
  `;
}

/** prepared → sent in one statement, see `SubmissionJournal.markSent`. */
export async function markAttemptSent(
  db: OrreryDatabase,
  token: LeaseToken,
  sentAtMs: number,
): Promise<boolean> {
  const { tenantId, intentIds, state, attemptId, epoch } = token;
  if (state !== "prepared") return false;
  const { rows } = await sql`
    with held as materialized (
      select intent_id from submission_intents
      where tenant_id = ${tenantId} and intent_id = any(${intentIds}::uuid[])
        and state = 'prepared' and current_attempt_id = ${attemptId}::uuid
        and lease_epoch = ${String(epoch)}::bigint
      for update
    ),
    agreed as materialized (select 1 where (select count(*) from held) = ${intentIds.length}),
    moved as (
      update submission_intents set state = 'sent'
      where tenant_id = ${tenantId} and intent_id = any(${intentIds}::uuid[])
        and exists (select from agreed)
    )
    update submission_attempts set state = 'sent', sent_at_ms = ${sentAtMs}::bigint
    where tenant_id = ${tenantId} and attempt_id = ${attemptId}::uuid
      and exists (select from agreed)
    returning 1
  `.execute(db);
  return rows.length === 1;
}
