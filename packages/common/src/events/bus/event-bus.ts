import type { AnnouncedEvent, DomainEvent, EventType } from "../../contracts/events.ts";

/** An event with its place among those of its topic, which is its type: 1, 2, 3, … without a gap. */
export interface PlacedEvent {
  readonly position: bigint;
  readonly event: DomainEvent;
}

/** What a consumer was given and owes an answer for. */
export interface Delivery {
  readonly position: bigint;
  /** As it was announced, by whatever release. Undefined: a stranger put there what is no event. */
  readonly event: AnnouncedEvent | undefined;
  /** How often it has been given out, this time included. */
  readonly deliveries: number;
}

export interface Reading {
  readonly deliveries: readonly Delivery[];
  /** Events that were trimmed before the group read or finished them: it will not see them. */
  readonly missed: number;
  /** Events of the topic that the group has not acknowledged, those just read included. */
  readonly behind: number;
}

/** One consumer's view of a topic. Every call ends in bounded time. */
export interface EventSubscription {
  /**
   * The next events that no consumer of the group was given, in the order of their positions; the
   * group begins with the oldest event that the bus holds.
   * @throws {Error} when the bus cannot be reached
   */
  read(limit: number): Promise<Reading>;

  /**
   * Takes over what any consumer of the group was given `idleMs` ago or longer and has not
   * acknowledged, in the order of positions, of those behind `after`. Each counts as delivered once
   * more. @throws {Error} when the bus cannot be reached
   */
  recover(
    limit: number,
    idleMs: number,
    after?: bigint,
  ): Promise<Pick<Reading, "deliveries" | "missed">>;

  /** It is done with, and given to nobody again. @throws {Error} when the bus cannot be reached */
  acknowledge(delivery: Delivery): Promise<void>;

  /**
   * As if it had not been given out: the delivery is not counted, and whoever recovers may have it
   * at once. @throws {Error} when the bus cannot be reached
   */
  giveBack(deliveries: readonly Delivery[]): Promise<void>;
}

/**
 * Hands events from who publishes to groups of consumers, at least once each. A topic's events are
 * read in their order; what is recovered comes later. It holds the newest `maxLength` events of a
 * topic and may lose them all: who publishes keeps them (`EventLogRepository`) and compares.
 */
export interface EventBus {
  /** 0: the bus holds nothing of the topic, and never did. @throws {Error} out of reach */
  readLastPosition(topic: EventType): Promise<bigint>;

  /**
   * Adds events in the order of their positions and passes over those that are not behind the last:
   * publishing again, or by two at once, adds nothing twice. Gives the last position afterwards.
   * @throws {Error} out of reach; whether they were added is unknown
   */
  append(topic: EventType, events: readonly PlacedEvent[]): Promise<bigint>;

  /** Forgets the topic with its groups. @throws {Error} out of reach */
  drop(topic: EventType): Promise<void>;

  /** One consumer more of the group; consumers have no names, and leave nothing behind. */
  subscribe(group: string, topic: EventType): EventSubscription;

  close(): Promise<void>;
}
