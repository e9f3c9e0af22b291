import type { RawBuilder } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import type { Stream } from "./stream.ts";
import { streamOf } from "./stream-rows.ts";

/** The stream and the present: in a statement after the lock's, which sees what its last holder wrote. */
export async function readLocked(
  transaction: OrreryTransaction,
  tenantId: string,
  streamId: string,
  now: RawBuilder<Date>,
): Promise<{ stream: Stream | undefined; now: Date }> {
  const row = await transaction
    .selectFrom("streams")
    .selectAll()
    .select(now.as("now"))
    .where("tenant_id", "=", tenantId)
    .where("id", "=", streamId)
    // The end of a settlement's charge comes without the lock.
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return { stream: undefined, now: await readNow(transaction, now) };
  return { stream: streamOf(row), now: row.now };
}

export async function readNow(
  transaction: OrreryTransaction,
  now: RawBuilder<Date>,
): Promise<Date> {
  const row = await transaction.selectNoFrom(now.as("now")).executeTakeFirstOrThrow();
  return row.now;
}
