import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DomainEvent } from "../../contracts/events.ts";
import { MemoryDeadLetterRepository } from "../../repositories/dead-letter/dead-letter-repository.memory.ts";
import type { BusObserver } from "./bus-observer.ts";
import { type BusWorld, eventOf, placedAt, TOPIC } from "./event-bus.contract.ts";
import type { EventBus } from "./event-bus.ts";
import { EventConsumer, type EventConsumerOptions } from "./event-consumer.ts";

const GROUP = "rejected-retries";
const WAIT = { timeout: 20_000, interval: 5 };
const MAX_DELIVERIES = 3;

class Outage extends Error {}

/** What a consumer was told and did. */
interface Observed {
  readonly outcomes: string[];
  readonly errors: unknown[];
  missed: number;
  behind: number;
}

function observe(): { observed: Observed; observer: BusObserver } {
  const observed: Observed = { outcomes: [], errors: [], missed: 0, behind: 0 };
  const observer: BusObserver = {
    published: () => {},
    unpublished: () => {},
    consumed: (_group, _topic, outcome) => void observed.outcomes.push(outcome),
    missed: (_group, _topic, events) => {
      observed.missed += events;
    },
    behind: (_group, topic, events) => {
      if (topic === TOPIC) observed.behind = events;
    },
  };
  return { observed, observer };
}

/** A consumer that recovers in every round whatever was not acknowledged. */
export function eagerConsumer(
  bus: EventBus,
  options: Pick<EventConsumerOptions, "handle"> & Partial<EventConsumerOptions>,
) {
  const { observed, observer } = observe();
  const consumer = new EventConsumer({
    bus,
    group: GROUP,
    deadLetters: new MemoryDeadLetterRepository(() => 0),
    isOutage: (error) => error instanceof Outage,
    retryAfterMs: 0,
    maxDeliveries: MAX_DELIVERIES,
    clock: () => 0,
    observer,
    onError: (error) => observed.errors.push(error),
    ...options,
  });
  return { consumer, observed };
}

export function describeEventConsumer(name: string, makeWorld: () => Promise<BusWorld>): void {
  describe(`a consumer of the event bus in ${name}`, () => {
    let world: BusWorld;
    let bus: EventBus;
    let letters: MemoryDeadLetterRepository;
    let applied: string[];
    let calls: string[];
    beforeEach(async () => {
      world = await makeWorld();
      bus = world.bus;
      letters = new MemoryDeadLetterRepository(() => 0);
      applied = [];
      calls = [];
    });
    afterEach(() => world.close());

    const idOf = (position: number) => eventOf(position).id;
    /** Once per id, as with an inbox; `refuse` throws before anything is done. */
    const handler = (refuse: (event: DomainEvent) => void = () => {}) => {
      return async (event: DomainEvent) => {
        calls.push(event.id);
        refuse(event);
        if (applied.includes(event.id)) return "duplicate" as const;
        applied.push(event.id);
        return "applied" as const;
      };
    };
    const consumeUntil = (consumer: EventConsumer, isDone: () => boolean) =>
      vi.waitUntil(async () => {
        await consumer.consume();
        return isDone();
      }, WAIT);

    it("applies what it is given in order, and is given nothing twice", async () => {
      const { consumer, observed } = eagerConsumer(bus, { handle: handler() });
      await bus.append(TOPIC, placedAt(1, 2, 3));
      await consumer.consume();
      await bus.append(TOPIC, placedAt(4));
      await consumer.consume();
      expect(applied).toEqual([1, 2, 3, 4].map(idOf));
      expect(calls).toHaveLength(4);
      expect(observed).toMatchObject({ missed: 0, behind: 0, errors: [] });
    });

    it("buries what fails every time, and goes on with the others", async () => {
      const refuse = ({ id }: DomainEvent) => {
        if (id === idOf(2)) throw new Error("poison");
      };
      const { consumer, observed } = eagerConsumer(bus, {
        handle: handler(refuse),
        deadLetters: letters,
      });
      await bus.append(TOPIC, placedAt(1, 2, 3));
      await consumer.consume();
      expect(applied).toEqual([1, 3].map(idOf));
      await consumeUntil(consumer, () => observed.outcomes.includes("dead"));
      expect(calls.filter((id) => id === idOf(2))).toHaveLength(MAX_DELIVERIES);
      expect(await letters.list(10)).toMatchObject([
        { group: GROUP, event: eventOf(2), detail: "poison", deliveries: MAX_DELIVERIES },
      ]);
      await consumer.consume();
      expect(observed.behind).toBe(0);
      expect(calls.filter((id) => id === idOf(2))).toHaveLength(MAX_DELIVERIES);
    });

    it("buries what consumers die of, without trying it again", async () => {
      const subscription = bus.subscribe(GROUP, TOPIC);
      await bus.append(TOPIC, placedAt(1));
      await subscription.read(1);
      for (let death = 1; death < MAX_DELIVERIES; death += 1) await subscription.recover(1, 0);
      const { consumer, observed } = eagerConsumer(bus, {
        handle: handler(),
        deadLetters: letters,
      });
      await consumeUntil(consumer, () => observed.outcomes.includes("dead"));
      expect(calls).toEqual([]);
      expect(await letters.list(10)).toHaveLength(1);
    });

    it("buries only what consumers die of, and tries what they were given with it", async () => {
      await bus.append(TOPIC, placedAt(1, 2, 3));
      const afterwards = Promise.withResolvers<void>();
      const deaths: Promise<void>[] = [];
      while (deaths.length < MAX_DELIVERIES) {
        const atHand = Promise.withResolvers<void>();
        const hang = async () => {
          atHand.resolve();
          await afterwards.promise;
          return "duplicate" as const;
        };
        deaths.push(eagerConsumer(bus, { handle: hang }).consumer.consume());
        await atHand.promise;
      }
      const { consumer, observed } = eagerConsumer(bus, {
        handle: handler(),
        deadLetters: letters,
      });
      await consumeUntil(consumer, () => observed.outcomes.length === 3);
      expect(observed.outcomes).toEqual(["dead", "applied", "applied"]);
      expect(await letters.list(10)).toMatchObject([{ event: eventOf(1) }]);
      afterwards.resolve();
      await Promise.all(deaths);
    });

    it("gives back untried what it would come to when others may have taken it over", async () => {
      let nowMs = 0;
      const { consumer } = eagerConsumer(bus, {
        handle: (event) => {
          nowMs += 600;
          return handler()(event);
        },
        retryAfterMs: 1_000,
        clock: () => nowMs,
      });
      await bus.append(TOPIC, placedAt(1, 2, 3));
      await consumer.consume();
      expect(applied).toEqual([idOf(1)]);
      const left = await bus.subscribe(GROUP, TOPIC).recover(10, 3_600_000);
      expect(left.deliveries).toMatchObject([
        { position: 2n, deliveries: 1 },
        { position: 3n, deliveries: 1 },
      ]);
    });

    it("buries what only another release knows, as it was announced", async () => {
      const event = { ...eventOf(1), type: "pool.renamed", payload: { to: ["x", 1] } };
      const placed = [{ position: 1n, event: event as never }, ...placedAt(2)];
      await bus.append(TOPIC, placed);
      const { consumer, observed } = eagerConsumer(bus, {
        handle: handler(),
        deadLetters: letters,
      });
      await consumeUntil(consumer, () => observed.outcomes.includes("dead"));
      expect(calls).toEqual([idOf(2)]);
      const detail = "pool.renamed is not in the event catalogue";
      expect(await letters.list(10)).toMatchObject([{ event, detail, deliveries: MAX_DELIVERIES }]);
    });

    it("waits for a database that is away, however long, and buries nothing", async () => {
      const database = { isAway: true };
      const refuse = () => {
        if (database.isAway) throw new Outage("away");
      };
      const options = { handle: handler(refuse), deadLetters: letters };
      const { consumer, observed } = eagerConsumer(bus, options);
      await bus.append(TOPIC, placedAt(1, 2));
      for (let round = 0; round < 3 * MAX_DELIVERIES; round += 1) {
        await expect(consumer.consume()).rejects.toThrow("away");
      }
      expect(new Set(calls)).toEqual(new Set([idOf(1)]));
      database.isAway = false;
      await consumeUntil(consumer, () => applied.length === 2);
      expect(observed.outcomes).toEqual(["applied", "applied"]);
      expect(await letters.list(10)).toEqual([]);
    });

    it("keeps an event that could not be buried", async () => {
      const graveyard = { isAway: true };
      const bury: MemoryDeadLetterRepository["bury"] = async (letter) => {
        if (graveyard.isAway) throw new Error("no grave");
        await letters.bury(letter);
      };
      const refuse = () => {
        throw new Error("poison");
      };
      const { consumer, observed } = eagerConsumer(bus, {
        handle: handler(refuse),
        deadLetters: { bury },
      });
      await bus.append(TOPIC, placedAt(1));
      const failure = () => consumer.consume().then(() => "", String);
      await expect.poll(failure, WAIT).toContain("no grave");
      await expect.poll(failure, WAIT).toContain("no grave");
      graveyard.isAway = false;
      await consumeUntil(consumer, () => observed.outcomes.includes("dead"));
      expect(await letters.list(10)).toHaveLength(1);
    });

    it("takes over what another left when it died, before and after it applied it", async () => {
      const dying = (await world.openOther()).subscribe(GROUP, TOPIC);
      await bus.append(TOPIC, placedAt(1, 2, 3));
      await dying.read(2);
      await handler()(eventOf(1));
      const { consumer, observed } = eagerConsumer(bus, { handle: handler() });
      await consumeUntil(consumer, () => applied.length === 3);
      await consumeUntil(consumer, () => observed.behind === 0);
      expect(applied.toSorted()).toEqual([1, 2, 3].map(idOf));
      expect(observed.outcomes.toSorted()).toEqual(["applied", "applied", "duplicate"]);
    });

    it("applies each event once beside another consumer of the group", async () => {
      const others = [bus, await world.openOther(), await world.openOther()].map(
        (each) => eagerConsumer(each, { handle: handler() }).consumer,
      );
      await bus.append(TOPIC, placedAt(1, 2, 3, 4, 5));
      await vi.waitUntil(async () => {
        await Promise.all(others.map((consumer) => consumer.consume()));
        return applied.length === 5;
      }, WAIT);
      expect(applied.toSorted()).toEqual([1, 2, 3, 4, 5].map(idOf));
    });

    it("finishes the event at hand when it closes, and leaves the others to the next", async () => {
      const atHand = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const { consumer } = eagerConsumer(bus, {
        handle: async (event) => {
          atHand.resolve();
          await mayEnd.promise;
          return handler()(event);
        },
      });
      await bus.append(TOPIC, placedAt(1, 2, 3));
      consumer.nudge();
      await atHand.promise;
      const closed = consumer.close();
      mayEnd.resolve();
      await closed;
      expect(applied).toEqual([idOf(1)]);
      const left = await bus.subscribe(GROUP, TOPIC).recover(10, 3_600_000);
      expect(left.deliveries).toMatchObject([
        { position: 2n, deliveries: 1 },
        { position: 3n, deliveries: 1 },
      ]);
    });

    it("says how many it missed when it was too far behind", async () => {
      const { consumer, observed } = eagerConsumer(bus, { handle: handler() });
      await bus.append(TOPIC, placedAt(1));
      await consumer.consume();
      await bus.append(TOPIC, placedAt(2, 3, 4, 5, 6, 7, 8));
      await consumer.consume();
      expect(applied).toEqual([1, 4, 5, 6, 7, 8].map(idOf));
      expect(observed.missed).toBe(2);
      expect(String(observed.errors[0])).toContain("missed 2 of pool.created");
    });
  });
}
