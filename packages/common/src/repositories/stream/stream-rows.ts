import type { Insertable, Selectable } from "kysely";
import type { ActivityEvent } from "./activity-event.ts";
import type { Stream, StreamSettlement, Withdrawal } from "./stream.ts";
import type { ActivityEventsTable, StreamsTable, UsersTable } from "./streams-tables.ts";
import type { User } from "./user.ts";

type StreamRow = Selectable<StreamsTable>;

export function streamOf(row: StreamRow): Stream {
  return {
    id: row.id,
    senderUserId: row.sender_user_id,
    recipient: row.recipient,
    token: row.token,
    ratePerSecondStroops: BigInt(row.rate_per_second_stroops),
    totalStroops: BigInt(row.total_stroops),
    status: row.status,
    activeMs: Number(row.active_ms),
    settledStroops: BigInt(row.settled_stroops),
    settlementCount: row.settlement_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastEventAt: row.last_event_at,
    ...present({
      activeSince: row.active_since,
      settlement: settlementOf(row),
      withdrawal: withdrawalOf(row),
      startedAt: row.started_at,
      pausedAt: row.paused_at,
      endedAt: row.ended_at,
    }),
  };
}

function settlementOf(row: StreamRow): StreamSettlement | null {
  const { settlement_intent_id, settlement_action, settlement_state } = row;
  const { settlement_vault_contract_id, settlement_requested_at } = row;
  if (
    settlement_intent_id === null ||
    settlement_action === null ||
    settlement_state === null ||
    settlement_vault_contract_id === null ||
    settlement_requested_at === null
  ) {
    return null;
  }
  return {
    intentId: settlement_intent_id,
    action: settlement_action,
    state: settlement_state,
    amountStroops: BigInt(row.settlement_stroops ?? "0"),
    activeMs: Number(row.settlement_active_ms),
    vaultContractId: settlement_vault_contract_id,
    requestedAt: settlement_requested_at,
    ...present({ txHash: row.settlement_tx_hash, ledger: toNumber(row.settlement_ledger) }),
  };
}

function withdrawalOf(row: StreamRow): Withdrawal | null {
  const { withdrawal_state, withdrawal_requested_at } = row;
  if (withdrawal_state === null || withdrawal_requested_at === null) return null;
  return {
    state: withdrawal_state,
    requestedAt: withdrawal_requested_at,
    ...present({
      effectId: row.withdrawal_effect_id,
      resolvedAt: row.withdrawal_resolved_at,
      failureCode: row.withdrawal_failure,
      missingAtLedger: toNumber(row.withdrawal_missing_ledger),
    }),
  };
}

/** Every column of a stream; also as JSON, which has no bigint. */
export function streamRow(tenantId: string, stream: Stream): Insertable<StreamsTable> {
  const { settlement, withdrawal } = stream;
  return {
    tenant_id: tenantId,
    id: stream.id,
    sender_user_id: stream.senderUserId,
    recipient: stream.recipient,
    token: stream.token,
    rate_per_second_stroops: String(stream.ratePerSecondStroops),
    total_stroops: String(stream.totalStroops),
    status: stream.status,
    active_ms: String(stream.activeMs),
    active_since: stream.activeSince ?? null,
    settled_stroops: String(stream.settledStroops),
    settlement_count: stream.settlementCount,
    settlement_intent_id: settlement?.intentId ?? null,
    settlement_action: settlement?.action ?? null,
    settlement_state: settlement?.state ?? null,
    settlement_stroops: textOf(settlement?.amountStroops),
    settlement_active_ms: textOf(settlement?.activeMs),
    settlement_vault_contract_id: settlement?.vaultContractId ?? null,
    settlement_requested_at: settlement?.requestedAt ?? null,
    settlement_tx_hash: settlement?.txHash ?? null,
    settlement_ledger: textOf(settlement?.ledger),
    withdrawal_state: withdrawal?.state ?? null,
    withdrawal_effect_id: withdrawal?.effectId ?? null,
    withdrawal_requested_at: withdrawal?.requestedAt ?? null,
    withdrawal_resolved_at: withdrawal?.resolvedAt ?? null,
    withdrawal_failure: withdrawal?.failureCode ?? null,
    withdrawal_missing_ledger: textOf(withdrawal?.missingAtLedger),
    started_at: stream.startedAt ?? null,
    paused_at: stream.pausedAt ?? null,
    ended_at: stream.endedAt ?? null,
    created_at: stream.createdAt,
    updated_at: stream.updatedAt,
    last_event_at: stream.lastEventAt,
  };
}

export function activityRow(
  tenantId: string,
  event: ActivityEvent,
): Insertable<ActivityEventsTable> {
  return {
    tenant_id: tenantId,
    happened_at: event.happenedAt,
    id: event.id,
    stream_id: event.streamId,
    type: event.type,
    details: JSON.stringify(event.details),
  };
}

export function activityEventOf(row: Selectable<ActivityEventsTable>): ActivityEvent {
  return {
    id: row.id,
    streamId: row.stream_id,
    type: row.type,
    happenedAt: row.happened_at,
    details: row.details,
  };
}

export function userOf(row: Selectable<UsersTable>): User {
  return {
    walletAddress: row.wallet_address,
    ...present({ displayName: row.display_name }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function textOf(value: bigint | number | undefined): string | null {
  return value === undefined ? null : String(value);
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
