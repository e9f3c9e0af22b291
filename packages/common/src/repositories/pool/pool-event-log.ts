import type { OrreryTransaction } from "../database.ts";
import { eventIdReused } from "./pool-problems.ts";
import type { PoolEvent } from "./pool-repository.ts";

/**
 * Counts an event in the transaction of its write; false when it was counted before. Of two that
 * arrive at once the second waits for the first to commit.
 * @throws {ProblemError} event_id_reused
 */
export async function countEvent(
  transaction: OrreryTransaction,
  tenantId: string,
  poolId: string,
  { eventId, fingerprint, at, announcement }: PoolEvent,
): Promise<boolean> {
  const counted = await transaction
    .insertInto("pool_events")
    .values({
      tenant_id: tenantId,
      event_id: eventId,
      pool_id: poolId,
      type: announcement.event.type,
      fingerprint,
      recorded_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("event_id")
    .executeTakeFirst();
  if (counted !== undefined) return true;
  const earlier = await transaction
    .selectFrom("pool_events")
    .select("fingerprint")
    .where("tenant_id", "=", tenantId)
    .where("event_id", "=", eventId)
    .executeTakeFirstOrThrow();
  if (!earlier.fingerprint.equals(fingerprint)) throw eventIdReused(eventId);
  return false;
}
