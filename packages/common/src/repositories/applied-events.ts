import type { DomainEvent } from "../contracts/events.ts";
import type { ConsumerGroup } from "../events/bus/consumer-groups.ts";
import type { OrreryTransaction } from "./database.ts";

/**
 * Notes, in the transaction of the effect, that the group applies the event. False: it has done so
 * before, and the effect must not be made. Who asks at the same time waits for the other's end.
 */
export async function noteApplied(
  transaction: OrreryTransaction,
  group: ConsumerGroup,
  { tenantId, id }: DomainEvent,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto("applied_events")
    .values({ tenant_id: tenantId, consumer_group: group, event_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
