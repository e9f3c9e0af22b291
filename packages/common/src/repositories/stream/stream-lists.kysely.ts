import { type RawBuilder, sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import type { ActivityType } from "./activity-event.ts";
import type { StreamStatus } from "./stream.ts";
import type { ActivityPage, StreamPage, StreamPageRequest } from "./stream-repository.ts";
import { activityEventOf, streamOf } from "./stream-rows.ts";
import type { ListSizesTable } from "./streams-tables.ts";

export async function listStreams(
  transaction: OrreryTransaction,
  tenantId: string,
  { status }: { readonly status?: StreamStatus },
  { limit, after }: StreamPageRequest,
  now: RawBuilder<Date>,
): Promise<StreamPage> {
  let page = transaction.selectFrom("streams").selectAll().where("tenant_id", "=", tenantId);
  if (status !== undefined) page = page.where("status", "=", status);
  if (after !== undefined) {
    page = page.where(
      sql<boolean>`(created_at, id) > (${after.at.toISOString()}::timestamptz, ${after.id}::text)`,
    );
  }
  const rows = await page
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit + 1)
    .execute();
  const { total, asOf } = await sizeOf(
    transaction,
    tenantId,
    { list: "streams", key: status },
    now,
  );
  const streams = rows.slice(0, limit).map(streamOf);
  return { streams, asOf, hasNext: rows.length > limit, total };
}

export async function listActivityEvents(
  transaction: OrreryTransaction,
  tenantId: string,
  filter: { readonly streamId?: string; readonly type?: ActivityType },
  { limit, after }: StreamPageRequest,
  now: RawBuilder<Date>,
): Promise<ActivityPage> {
  const { streamId, type } = filter;
  let page = transaction
    .selectFrom("activity_events")
    .selectAll()
    .where("tenant_id", "=", tenantId);
  if (streamId !== undefined) page = page.where("stream_id", "=", streamId);
  if (type !== undefined) page = page.where("type", "=", type);
  if (after !== undefined) {
    page = page.where(
      sql<boolean>`(happened_at, id) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
    );
  }
  const rows = await page
    .orderBy("happened_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const wanted: WantedSize =
    streamId === undefined
      ? { list: "activity", key: type }
      : { list: "activity of stream", key: streamId };
  const { total } = await sizeOf(transaction, tenantId, wanted, now);
  const events = rows.slice(0, limit).map(activityEventOf);
  return { events, hasNext: rows.length > limit, total };
}

interface WantedSize {
  readonly list: ListSizesTable["list"];
  /** Undefined: all of the list. */
  readonly key: string | undefined;
}

async function sizeOf(
  transaction: OrreryTransaction,
  tenantId: string,
  { list, key }: WantedSize,
  now: RawBuilder<Date>,
): Promise<{ total: number; asOf: Date }> {
  let sizes = transaction
    .selectFrom("list_sizes")
    .where("tenant_id", "=", tenantId)
    .where("list", "=", list);
  if (key !== undefined) sizes = sizes.where("key", "=", key);
  const { total, as_of } = await sizes
    .select([sql<string>`coalesce(sum(size), 0)`.as("total"), now.as("as_of")])
    .executeTakeFirstOrThrow();
  return { total: Number(total), asOf: as_of };
}
