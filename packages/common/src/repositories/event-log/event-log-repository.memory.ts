import type { Clock } from "../../contracts/clock.ts";
import type { DomainEvent, EventType } from "../../contracts/events.ts";
import { CONSUMED_TYPES } from "../../events/bus/consumer-groups.ts";
import type { PlacedEvent } from "../../events/bus/event-bus.ts";
import type { EventLogger } from "../outbox/outbox-repository.ts";
import type { EventLogRepository } from "./event-log-repository.ts";

interface Logged extends PlacedEvent {
  readonly loggedAtMs: number;
}

export class MemoryEventLogRepository implements EventLogRepository, EventLogger {
  readonly #clock: Clock;
  readonly #heads = new Map<EventType, bigint>();
  #events: Logged[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  log(events: readonly DomainEvent[]): void {
    for (const event of events) {
      if (!CONSUMED_TYPES.includes(event.type)) continue;
      const position = (this.#heads.get(event.type) ?? 0n) + 1n;
      this.#heads.set(event.type, position);
      this.#events.push({ position, event, loggedAtMs: this.#clock() });
    }
  }

  async readHeads(): Promise<ReadonlyMap<EventType, bigint>> {
    return new Map(this.#heads);
  }

  async read(topic: EventType, after: bigint, limit: number): Promise<readonly PlacedEvent[]> {
    return this.#events
      .filter(({ position, event }) => event.type === topic && position > after)
      .slice(0, limit)
      .map(({ position, event }) => ({ position, event }));
  }

  async prune(topic: EventType, upTo: bigint, olderThanMs: number): Promise<number> {
    const before = this.#events.length;
    const oldestMs = this.#clock() - olderThanMs;
    this.#events = this.#events.filter(
      ({ event, position, loggedAtMs }) =>
        event.type !== topic || position > upTo || loggedAtMs >= oldestMs,
    );
    return before - this.#events.length;
  }
}
