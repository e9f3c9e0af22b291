import type { RecordKey } from "../cutover/record-side.ts";
import type { ActivityEvent } from "../stream/activity-event.ts";
import type { Stream } from "../stream/stream.ts";
import type { User } from "../stream/user.ts";

/** What streams are kept as: the kind of its key says which it is. */
export type StreamRecord = Stream | ActivityEvent | User;

export type StreamRecordKind = "event" | "stream" | "user";

export const isStream = (record: StreamRecord): record is Stream =>
  "ratePerSecondStroops" in record;
export const isEvent = (record: StreamRecord): record is ActivityEvent => "happenedAt" in record;
export const isUser = (record: StreamRecord): record is User => "walletAddress" in record;

export const streamKey = (tenantId: string, id: string): RecordKey => ({
  kind: "stream",
  tenantId,
  id,
});

export const userKey = (tenantId: string, walletAddress: string): RecordKey => ({
  kind: "user",
  tenantId,
  id: walletAddress,
});

/** An event's place in the list of its tenant: its time, to the millisecond, then its id. */
export const eventKey = (
  tenantId: string,
  { happenedAt, id }: Pick<ActivityEvent, "happenedAt" | "id">,
): RecordKey => ({ kind: "event", tenantId, id: `${happenedAt.toISOString()}|${id}` });

/** The time, as text, and the id in an event's key. */
export function eventPlace({ id }: RecordKey): { happenedAt: string; eventId: string } {
  const [happenedAt = "", eventId = ""] = id.split("|");
  return { happenedAt, eventId };
}
