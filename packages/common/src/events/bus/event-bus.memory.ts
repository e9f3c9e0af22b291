import type { Clock } from "../../contracts/clock.ts";
import type { EventType } from "../../contracts/events.ts";
import type { Delivery, EventBus, EventSubscription, PlacedEvent, Reading } from "./event-bus.ts";

interface Pending {
  deliveries: number;
  givenAtMs: number;
}

interface Group {
  delivered: bigint;
  readonly pending: Map<bigint, Pending>;
}

interface Topic {
  last: bigint;
  trimmed: number;
  readonly events: PlacedEvent[];
  readonly groups: Map<string, Group>;
}

/** A bus for the consumers of one process, for which the event log is kept as for any other. */
export class MemoryEventBus implements EventBus {
  readonly #topics = new Map<EventType, Topic>();
  readonly #clock: Clock;
  readonly #maxLength: number;

  constructor(options: { clock: Clock; maxLength: number }) {
    this.#clock = options.clock;
    this.#maxLength = options.maxLength;
  }

  async readLastPosition(topic: EventType): Promise<bigint> {
    return this.#topics.get(topic)?.last ?? 0n;
  }

  async append(topic: EventType, events: readonly PlacedEvent[]): Promise<bigint> {
    const held = this.#open(topic);
    for (const placed of events) {
      if (placed.position <= held.last) continue;
      held.events.push(placed);
      held.last = placed.position;
    }
    const surplus = Math.max(0, held.events.length - this.#maxLength);
    held.events.splice(0, surplus);
    held.trimmed += surplus;
    return held.last;
  }

  async drop(topic: EventType): Promise<void> {
    this.#topics.delete(topic);
  }

  subscribe(group: string, topic: EventType): EventSubscription {
    const open = () => {
      const held = this.#open(topic);
      const joined = held.groups.get(group) ?? { delivered: 0n, pending: new Map() };
      held.groups.set(group, joined);
      return { held, joined };
    };
    return new MemorySubscription(open, this.#clock);
  }

  async close(): Promise<void> {
    this.#topics.clear();
  }

  #open(topic: EventType): Topic {
    const held = this.#topics.get(topic) ?? {
      last: 0n,
      trimmed: 0,
      events: [],
      groups: new Map(),
    };
    this.#topics.set(topic, held);
    return held;
  }
}

class MemorySubscription implements EventSubscription {
  readonly #open: () => { held: Topic; joined: Group };
  readonly #clock: Clock;

  constructor(open: () => { held: Topic; joined: Group }, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  async read(limit: number): Promise<Reading> {
    const { held, joined } = this.#open();
    const unread = held.events.filter(({ position }) => position > joined.delivered);
    const [first] = unread;
    const missed = first === undefined ? 0 : missedBefore(first.position, held, joined);
    const deliveries = unread.slice(0, limit).map(({ position, event }) => {
      joined.pending.set(position, { deliveries: 1, givenAtMs: this.#clock() });
      joined.delivered = position;
      return { position, event, deliveries: 1 };
    });
    const behind = Number(held.last - joined.delivered) + joined.pending.size;
    return { deliveries, missed, behind };
  }

  async recover(
    limit: number,
    idleMs: number,
    after = 0n,
  ): Promise<{ deliveries: Delivery[]; missed: number }> {
    const { held, joined } = this.#open();
    const now = this.#clock();
    const idle = [...joined.pending]
      .filter(([position, { givenAtMs }]) => position > after && now - givenAtMs >= idleMs)
      .toSorted(([left], [right]) => Number(left - right))
      .slice(0, limit);
    const deliveries: Delivery[] = [];
    for (const [position, pending] of idle) {
      const found = held.events.find((placed) => placed.position === position);
      if (found === undefined) {
        joined.pending.delete(position);
        continue;
      }
      pending.deliveries += 1;
      pending.givenAtMs = now;
      deliveries.push({ ...found, deliveries: pending.deliveries });
    }
    return { deliveries, missed: idle.length - deliveries.length };
  }

  async acknowledge({ position }: Delivery): Promise<void> {
    this.#open().joined.pending.delete(position);
  }

  async giveBack(deliveries: readonly Delivery[]): Promise<void> {
    const { joined } = this.#open();
    for (const { position, deliveries: count } of deliveries) {
      if (!joined.pending.has(position)) continue;
      const givenAtMs = Number.NEGATIVE_INFINITY;
      joined.pending.set(position, { deliveries: count - 1, givenAtMs });
    }
  }
}

/** Positions have no gaps, so that one between what was read and what is left was trimmed. */
function missedBefore(first: bigint, { trimmed }: Topic, { delivered }: Group): number {
  return delivered === 0n ? trimmed : Number(first - delivered - 1n);
}
