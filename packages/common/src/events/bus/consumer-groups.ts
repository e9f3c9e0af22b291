import type { EventType } from "../../contracts/events.ts";

/**
 * Who consumes which events: the one list. An event whose type nobody consumes is not put on the
 * bus; it still makes caches old.
 */
export const CONSUMER_GROUPS = {
  /** Gives rejected events another chance once the token or pool that they lacked is there. */
  "rejected-retries": ["token.created", "pool.created"],
} as const satisfies Record<string, readonly EventType[]>;

export type ConsumerGroup = keyof typeof CONSUMER_GROUPS;

export const CONSUMED_TYPES: readonly EventType[] = [
  ...new Set(Object.values(CONSUMER_GROUPS).flat()),
];
