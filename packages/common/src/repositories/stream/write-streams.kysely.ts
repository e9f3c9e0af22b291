import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import type { StreamWrite } from "./stream-repository.ts";
import { activityRow, streamRow } from "./stream-rows.ts";

/** One tenant's change. */
export interface TenantChange extends Pick<StreamWrite, "stream" | "event"> {
  readonly tenantId: string;
}

/** What a change never touches. */
const FIXED = new Set([
  "tenant_id",
  "id",
  "sender_user_id",
  "recipient",
  "token",
  "rate_per_second_stroops",
  "total_stroops",
  "created_at",
]);

/**
 * Stores changed streams and tells of them, each in one statement however many they are: the sizes
 * of lists are then taken in the same order by every transaction, so that none can block another for
 * ever.
 */
export async function writeChanges(
  transaction: OrreryTransaction,
  changes: readonly TenantChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ tenantId, stream }) => streamRow(tenantId, stream));
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !FIXED.has(column));
  await sql`
    update streams
    set ${sql.join(columns.map((column) => sql`${sql.ref(column)} = given.${sql.ref(column)}`))}
    from jsonb_populate_recordset(null::streams, ${JSON.stringify(rows)}::jsonb) as given
    where streams.tenant_id = given.tenant_id and streams.id = given.id
  `.execute(transaction);
  await tellOf(transaction, changes);
}

/** Appends the events of changes. */
export async function tellOf(
  transaction: OrreryTransaction,
  changes: readonly TenantChange[],
): Promise<void> {
  const rows = changes.flatMap(({ tenantId, event }) =>
    event === undefined ? [] : [activityRow(tenantId, event)],
  );
  if (rows.length > 0) await transaction.insertInto("activity_events").values(rows).execute();
}
