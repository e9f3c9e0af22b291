import type { ExportKind } from "../export/export-job.ts";
import {
  ACTIVITY_COLUMNS,
  type CellType,
  STREAM_COLUMNS,
  USAGE_COLUMNS,
} from "./export-columns.ts";

type NameOf<Columns extends readonly { readonly name: string }[]> = Columns[number]["name"];

export interface ExportQuery {
  readonly columns: readonly { readonly name: string; readonly type: CellType }[];
  /**
   * Without a parameter, since COPY takes none: tenant and times come from the transaction's settings.
   */
  readonly select: string;
}

/** The settings that a query reads. `at`: the moment that accruals are told for. */
export const EXPORT_SETTINGS = {
  tenant: "orrery.tenants",
  from: "orrery.export_from",
  to: "orrery.export_to",
  at: "orrery.export_at",
} as const;

/** In the binary format a cell of type `usdc` is a NUMERIC, `integer` and `digits` a BIGINT. */
const USAGE: Record<NameOf<typeof USAGE_COLUMNS>, string> = {
  usageEventId: "id",
  requestId: "request_id",
  userId: "user_id",
  apiId: "api_id",
  endpointId: "endpoint_id",
  apiKeyId: "api_key_id",
  amountUsdc: "amount_usdc",
  status: "status",
  settlementId: "settlement_id",
  stellarTxHash: "stellar_tx_hash",
  ledger: "ledger",
  failureReason: "failure_reason",
  contractError: "contract_error::bigint",
  createdAt: "created_at",
  settledAt: "settled_at",
};

/** As `countedMs` and `accruedStroops` say it: whole milliseconds, whole stroops. */
const ACTIVE_MS = `case
  when settlement_state = 'pending' then settlement_active_ms
  when active_since is null then active_ms
  else active_ms + greatest(0, floor(extract(epoch from
    current_setting('${EXPORT_SETTINGS.at}')::timestamptz - active_since) * 1000))
end`;
const ACCRUED = `least(total_stroops, div(rate_per_second_stroops::numeric * ${ACTIVE_MS}, 1000))`;
const usdc = (stroops: string) => `(${stroops}) * 0.0000001`;

const STREAMS: Record<NameOf<typeof STREAM_COLUMNS>, string> = {
  id: "id",
  senderUserId: "sender_user_id",
  recipient: "recipient",
  token: "token",
  ratePerSecondStroops: "rate_per_second_stroops",
  totalAmountUsdc: usdc("total_stroops"),
  accruedUsdc: usdc(ACCRUED),
  settledUsdc: usdc("settled_stroops"),
  status: "status",
  settlementTxHash: "settlement_tx_hash",
  withdrawalState: "withdrawal_state",
  startedAt: "started_at",
  pausedAt: "paused_at",
  endedAt: "ended_at",
  createdAt: "created_at",
  updatedAt: "updated_at",
};

const ACTIVITY: Record<NameOf<typeof ACTIVITY_COLUMNS>, string> = {
  id: "id",
  streamId: "stream_id",
  type: "type",
  happenedAt: "happened_at",
  details: "details::text",
};

export const EXPORT_QUERIES: Readonly<Record<ExportKind, ExportQuery>> = {
  usage: {
    columns: USAGE_COLUMNS,
    select: selectOf("usage_events", "created_at", USAGE_COLUMNS, USAGE),
  },
  streams: {
    columns: STREAM_COLUMNS,
    select: selectOf("streams", "created_at", STREAM_COLUMNS, STREAMS),
  },
  activity: {
    columns: ACTIVITY_COLUMNS,
    select: selectOf("activity_events", "happened_at", ACTIVITY_COLUMNS, ACTIVITY),
  },
};

function selectOf<Name extends string>(
  table: string,
  time: string,
  columns: readonly { readonly name: Name }[],
  expressions: Record<Name, string>,
): string {
  const { tenant, from, to } = EXPORT_SETTINGS;
  return (
    `select ${columns.map(({ name }) => expressions[name]).join(", ")} from ${table}` +
    ` where tenant_id = current_setting('${tenant}')` +
    ` and ${time} >= current_setting('${from}')::timestamptz` +
    ` and ${time} < current_setting('${to}')::timestamptz` +
    ` order by ${time}, id`
  );
}
