import type { Clock } from "../../contracts/clock.ts";
import { assertEvent } from "../../contracts/events.ts";
import type {
  Announcement,
  Announcer,
  EventLogger,
  GenerationNews,
  OutboxRepository,
  RelayedBatch,
} from "./outbox-repository.ts";

interface Queued extends Announcement {
  sequence: bigint;
  queuedAtMs: number;
}

/** Queue and generations of one process. */
export class MemoryOutboxRepository implements OutboxRepository, Announcer {
  readonly #clock: Clock;
  readonly #log: EventLogger | undefined;
  readonly #generations = new Map<string, bigint>();
  #queue: Queued[] = [];
  #lastSequence = 0n;
  #lastGeneration = 0n;

  /** `log` undefined: nobody consumes events. */
  constructor(clock: Clock, log?: EventLogger) {
    this.#clock = clock;
    this.#log = log;
  }

  append(announcement: Announcement): bigint {
    assertEvent(announcement.event);
    this.#lastSequence += 1n;
    const queuedAtMs = this.#clock();
    this.#queue.push({ ...announcement, sequence: this.#lastSequence, queuedAtMs });
    return this.#lastSequence;
  }

  async relay(limit: number): Promise<RelayedBatch | undefined> {
    const taken = this.#queue.slice(0, limit);
    if (taken.length === 0) return undefined;
    this.#queue = this.#queue.slice(limit);
    const topics = new Set(taken.flatMap((queued) => queued.topics));
    const raised = [...topics].map((topic) => {
      this.#lastGeneration += 1n;
      this.#generations.set(topic, this.#lastGeneration);
      return { topic, generation: this.#lastGeneration };
    });
    const events = taken.map((queued) => queued.event);
    this.#log?.log(events);
    return { events, raised };
  }

  async readGeneration(topic: string): Promise<bigint> {
    return this.#generations.get(topic) ?? 0n;
  }

  async readLatestGeneration(): Promise<bigint> {
    return this.#lastGeneration;
  }

  async readNews(since: bigint): Promise<GenerationNews> {
    const [oldest] = this.#queue;
    return {
      changes: [...this.#generations]
        .filter(([, generation]) => generation > since)
        .map(([topic, generation]) => ({ topic, generation })),
      oldestQueued: oldest?.sequence,
      queuedForMs: oldest === undefined ? 0 : Math.max(0, this.#clock() - oldest.queuedAtMs),
    };
  }
}
