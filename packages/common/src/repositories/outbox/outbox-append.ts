import { assertEvent } from "../../contracts/events.ts";
import type { OrreryTransaction } from "../database.ts";
import type { Announcement } from "./outbox-repository.ts";

/** Queues an event in the transaction of the write that it tells of; gives its place in the queue. */
export async function appendToOutbox(
  transaction: OrreryTransaction,
  { event, topics }: Announcement,
): Promise<bigint> {
  assertEvent(event);
  const { sequence } = await transaction
    .insertInto("outbox")
    .values({
      tenant_id: event.tenantId,
      event_id: event.id,
      type: event.type,
      payload: JSON.stringify(event.payload),
      topics: [...topics],
      occurred_at: event.occurredAt,
    })
    .returning("sequence")
    .executeTakeFirstOrThrow();
  return BigInt(sequence);
}
