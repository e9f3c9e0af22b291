import { formatUsdc } from "../../contracts/money.ts";
import type { ActivityEvent } from "../stream/activity-event.ts";
import { accruedAt, type Stream } from "../stream/stream.ts";
import type { UsageEvent } from "../usage-event/usage-event.ts";

/**
 * What a cell holds. `integer` is a number in JSON, `digits` one that may be too large for that and
 * is a string, `usdc` a decimal string, `json` an object as Postgres writes it.
 */
export type CellType = "text" | "uuid" | "usdc" | "integer" | "digits" | "time" | "json";

/** One column of an export, named as the API names the field; null when a row has no value. */
export interface ExportColumn<Row> {
  readonly name: string;
  readonly type: CellType;
  readonly valueOf: (row: Row) => string | null;
}

const timeOf = (at: Date | undefined) => at?.toISOString() ?? null;

export const USAGE_COLUMNS = [
  { name: "usageEventId", type: "uuid", valueOf: ({ id }) => id },
  { name: "requestId", type: "text", valueOf: ({ requestId }) => requestId },
  { name: "userId", type: "text", valueOf: ({ userId }) => userId },
  { name: "apiId", type: "text", valueOf: ({ apiId }) => apiId },
  { name: "endpointId", type: "text", valueOf: ({ endpointId }) => endpointId },
  { name: "apiKeyId", type: "text", valueOf: ({ apiKeyId }) => apiKeyId },
  { name: "amountUsdc", type: "usdc", valueOf: (event) => formatUsdc(event.amountStroops) },
  { name: "status", type: "text", valueOf: ({ status }) => status },
  { name: "settlementId", type: "uuid", valueOf: (event) => event.settlementId ?? null },
  { name: "stellarTxHash", type: "text", valueOf: ({ txHash }) => txHash ?? null },
  { name: "ledger", type: "integer", valueOf: ({ ledger }) => ledger?.toString() ?? null },
  { name: "failureReason", type: "text", valueOf: ({ failure }) => failure?.reason ?? null },
  {
    name: "contractError",
    type: "integer",
    valueOf: ({ failure }) => failure?.contractError?.toString() ?? null,
  },
  { name: "createdAt", type: "time", valueOf: ({ createdAt }) => timeOf(createdAt) },
  { name: "settledAt", type: "time", valueOf: ({ settledAt }) => timeOf(settledAt) },
] as const satisfies readonly ExportColumn<UsageEvent>[];

/** A stream with the moment that its accrual is told for. */
export interface StreamRow {
  readonly stream: Stream;
  readonly asOf: Date;
}

export const STREAM_COLUMNS = [
  { name: "id", type: "text", valueOf: ({ stream }) => stream.id },
  { name: "senderUserId", type: "text", valueOf: ({ stream }) => stream.senderUserId },
  { name: "recipient", type: "text", valueOf: ({ stream }) => stream.recipient },
  { name: "token", type: "text", valueOf: ({ stream }) => stream.token },
  {
    name: "ratePerSecondStroops",
    type: "digits",
    valueOf: ({ stream }) => stream.ratePerSecondStroops.toString(),
  },
  {
    name: "totalAmountUsdc",
    type: "usdc",
    valueOf: ({ stream }) => formatUsdc(stream.totalStroops),
  },
  {
    name: "accruedUsdc",
    type: "usdc",
    valueOf: ({ stream, asOf }) => formatUsdc(accruedAt(stream, asOf)),
  },
  { name: "settledUsdc", type: "usdc", valueOf: ({ stream }) => formatUsdc(stream.settledStroops) },
  { name: "status", type: "text", valueOf: ({ stream }) => stream.status },
  {
    name: "settlementTxHash",
    type: "text",
    valueOf: ({ stream }) => stream.settlement?.txHash ?? null,
  },
  {
    name: "withdrawalState",
    type: "text",
    valueOf: ({ stream }) => stream.withdrawal?.state ?? null,
  },
  { name: "startedAt", type: "time", valueOf: ({ stream }) => timeOf(stream.startedAt) },
  { name: "pausedAt", type: "time", valueOf: ({ stream }) => timeOf(stream.pausedAt) },
  { name: "endedAt", type: "time", valueOf: ({ stream }) => timeOf(stream.endedAt) },
  { name: "createdAt", type: "time", valueOf: ({ stream }) => timeOf(stream.createdAt) },
  { name: "updatedAt", type: "time", valueOf: ({ stream }) => timeOf(stream.updatedAt) },
] as const satisfies readonly ExportColumn<StreamRow>[];

export const ACTIVITY_COLUMNS = [
  { name: "id", type: "uuid", valueOf: ({ id }) => id },
  { name: "streamId", type: "text", valueOf: ({ streamId }) => streamId },
  { name: "type", type: "text", valueOf: ({ type }) => type },
  { name: "happenedAt", type: "time", valueOf: ({ happenedAt }) => timeOf(happenedAt) },
  { name: "details", type: "json", valueOf: ({ details }) => jsonbText(details) },
] as const satisfies readonly ExportColumn<ActivityEvent>[];

/** An object as Postgres writes a JSONB: the shorter key first, equal lengths byte by byte. */
function jsonbText(details: ActivityEvent["details"]): string {
  const keys = Object.keys(details).toSorted((a, b) => {
    const [left, right] = [Buffer.from(a), Buffer.from(b)];
    return left.length - right.length || left.compare(right);
  });
  const members = keys.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(details[key])}`);
  return `{${members.join(", ")}}`;
}
