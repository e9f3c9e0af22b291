import type { DomainEvent } from "../../contracts/events.ts";

/** An event as a write hands it over, with the cache topics whose values the write makes old. */
export interface Announcement {
  readonly event: DomainEvent;
  readonly topics: readonly string[];
}

/** Proof that a write and its event committed; `sequence` is the event's place in the queue. */
export interface Committed {
  readonly sequence: bigint;
}

/** What a memory adapter announces through; on Postgres the write's own transaction does. */
export interface Announcer {
  append(announcement: Announcement): bigint;
}

/** What a memory relay logs consumed events in; on Postgres the relay's own transaction does. */
export interface EventLogger {
  log(events: readonly DomainEvent[]): void;
}

export interface RaisedTopic {
  readonly topic: string;
  readonly generation: bigint;
}

export interface RelayedBatch {
  readonly events: readonly DomainEvent[];
  readonly raised: readonly RaisedTopic[];
}

export interface GenerationNews {
  readonly changes: readonly RaisedTopic[];
  /** The place of the first event that no relay has taken; undefined: the queue is empty. */
  readonly oldestQueued: bigint | undefined;
  /** How long that event has waited; 0 with an empty queue. */
  readonly queuedForMs: number;
}

/**
 * The queue of what writes announced, and the generation of every cache topic. A generation is
 * raised after the writes that it covers have committed, and no generation is seen twice.
 */
export interface OutboxRepository {
  /**
   * Takes up to `limit` committed events from the queue, raises their topics once and enters those
   * that somebody consumes in the event log, all of it or nothing. One relay works at a time; undefined: another does, or the queue is empty.
   */
  relay(limit: number): Promise<RelayedBatch | undefined>;

  /** The topic's generation as it is committed now; 0 when it was never raised. */
  readGeneration(topic: string): Promise<bigint>;

  /** The highest generation given so far. */
  readLatestGeneration(): Promise<bigint>;

  /**
   * The topics raised after `since`; generations commit in their order, so that a caller who
   * passes the highest that it saw misses none.
   */
  readNews(since: bigint): Promise<GenerationNews>;
}
