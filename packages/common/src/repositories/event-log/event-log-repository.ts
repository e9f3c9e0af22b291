import type { EventType } from "../../contracts/events.ts";
import type { PlacedEvent } from "../../events/bus/event-bus.ts";

/**
 * The consumed events of a topic in the order in which relays took them, numbered without a gap. It
 * is what the bus is filled from, and filled from again when it has lost something.
 */
export interface EventLogRepository {
  /** The last position that was given to an event of each topic; a topic without events is absent. */
  readHeads(): Promise<ReadonlyMap<EventType, bigint>>;

  /** Up to `limit` kept events behind the position, in order. */
  read(topic: EventType, after: bigint, limit: number): Promise<readonly PlacedEvent[]>;

  /** Forgets events up to the position that were logged so long ago. Gives how many. */
  prune(topic: EventType, upTo: bigint, olderThanMs: number): Promise<number>;
}
