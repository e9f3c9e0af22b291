import type { AnnouncedEvent } from "../../contracts/events.ts";
import type { ConsumerGroup } from "../../events/bus/consumer-groups.ts";

/** An event that a group of consumers could not apply. */
export interface DeadLetter {
  readonly group: ConsumerGroup;
  /** Perhaps of another release's catalogue. Of its payload, what Postgres cannot hold is replaced. */
  readonly event: AnnouncedEvent;
  /** Why, the last time: up to 1,000 characters for operators. */
  readonly detail: string;
  /** How often it was given to the group's consumers. */
  readonly deliveries: number;
}

export interface BuriedLetter extends DeadLetter {
  /** The last time. */
  readonly buriedAt: Date;
}

/** What lies on no bus any more and is not lost: it waits for an operator. */
export interface DeadLetterRepository {
  /** The same event of the same group again replaces what is known of it. */
  bury(letter: DeadLetter): Promise<void>;
  /** Longest ago first, over all tenants. */
  list(limit: number): Promise<readonly BuriedLetter[]>;
  /** Undefined: there is none, or no more. */
  find(group: string, tenantId: string, eventId: string): Promise<BuriedLetter | undefined>;
  /** It was applied, or somebody decided that it never will be. False: there was none. */
  drop(group: string, tenantId: string, eventId: string): Promise<boolean>;
  /**
   * Forgets letters that were buried so long ago, and after twice that time which events were
   * applied, so that no letter can be applied that was applied before. Gives how many letters.
   */
  prune(olderThanMs: number): Promise<number>;
}

/** Keeps what an operator reads short, whatever was thrown. */
export const MAX_DETAIL_LENGTH = 1_000;
