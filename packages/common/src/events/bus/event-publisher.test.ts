import { beforeEach, describe, expect, it } from "vitest";
import type { EventType } from "../../contracts/events.ts";
import { MemoryEventLogRepository } from "../../repositories/event-log/event-log-repository.memory.ts";
import { eventOf, TOPIC } from "./event-bus.contract.ts";
import { MemoryEventBus } from "./event-bus.memory.ts";
import type { EventBus } from "./event-bus.ts";
import { EventPublisher } from "./event-publisher.ts";

const HOUR_MS = 3_600_000;

describe("the publisher", () => {
  let nowMs: number;
  let log: MemoryEventLogRepository;
  let bus: MemoryEventBus;
  let unpublished: Map<EventType, number>;
  let errors: unknown[];
  const clock = () => nowMs;
  beforeEach(() => {
    nowMs = 1_000 * HOUR_MS;
    log = new MemoryEventLogRepository(clock);
    bus = new MemoryEventBus({ clock, maxLength: 1_000 });
    unpublished = new Map();
    errors = [];
  });

  function publisherOf(to: EventBus = bus): EventPublisher {
    const observer = {
      published: () => {},
      unpublished: (topic: EventType, events: number) => void unpublished.set(topic, events),
      consumed: () => {},
      missed: () => {},
      behind: () => {},
    };
    return new EventPublisher({
      bus: to,
      log,
      clock,
      observer,
      onError: (error) => errors.push(error),
    });
  }

  const logEvents = (count: number) => {
    for (let number = 1; number <= count; number += 1) log.log([eventOf(number)]);
  };
  const onBus = async (from: EventBus = bus, group = "group") =>
    (await from.subscribe(group, TOPIC).read(1_000)).deliveries.map(({ position }) => position);
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => BigInt(index + 1));

  it("puts the whole log on the bus, in its order", async () => {
    logEvents(250);
    await publisherOf().publish();
    expect(await onBus()).toEqual(upTo(250));
    expect(unpublished.get(TOPIC)).toBe(0);
  });

  it("adds what came since, whoever published before and how many do now", async () => {
    logEvents(3);
    await publisherOf().publish();
    logEvents(4);
    await Promise.all([publisherOf().publish(), publisherOf().publish()]);
    expect(await onBus()).toEqual(upTo(7));
  });

  it("loses nothing when it fails between two batches, and tells what waits", async () => {
    logEvents(250);
    const failing = { left: 1 };
    const breaking: EventBus = {
      readLastPosition: (topic) => bus.readLastPosition(topic),
      append: async (topic, events) => {
        failing.left -= 1;
        if (failing.left < 0) throw new Error("gone");
        return bus.append(topic, events);
      },
      drop: (topic) => bus.drop(topic),
      subscribe: (group, topic) => bus.subscribe(group, topic),
      close: () => bus.close(),
    };
    await expect(publisherOf(breaking).publish()).rejects.toThrow("gone");
    expect(unpublished.get(TOPIC)).toBe(150);
    await publisherOf().publish();
    expect(await onBus()).toEqual(upTo(250));
  });

  it("counts what waits while the bus is out of reach", async () => {
    logEvents(2);
    const away = Object.assign(new MemoryEventBus({ clock, maxLength: 1 }), {
      readLastPosition: async () => {
        throw new Error("refused");
      },
    });
    await expect(publisherOf(away).publish()).rejects.toThrow("cannot be reached");
    expect(unpublished.get(TOPIC)).toBe(2);
  });

  it("fills a bus that was emptied again", async () => {
    logEvents(3);
    const publisher = publisherOf();
    await publisher.publish();
    await onBus();
    await bus.drop(TOPIC);
    await publisher.publish();
    expect(await onBus()).toEqual(upTo(3));
  });

  it("begins anew, and says so, when the bus is ahead of the log", async () => {
    await bus.append(TOPIC, [{ position: 9n, event: eventOf(9) }]);
    logEvents(2);
    await publisherOf().publish();
    expect(await onBus()).toEqual(upTo(2));
    expect(String(errors[0])).toContain("another log");
  });

  it("forgets after a day what was published, and nothing that was not", async () => {
    logEvents(2);
    const publisher = publisherOf();
    await publisher.publish();
    nowMs += 23 * HOUR_MS;
    await publisher.publish();
    expect(await log.read(TOPIC, 0n, 10)).toHaveLength(2);
    nowMs += 2 * HOUR_MS;
    await publisher.publish();
    expect(await log.read(TOPIC, 0n, 10)).toEqual([]);
    logEvents(1);
    nowMs += 100 * HOUR_MS;
    await publisher.publish();
    expect(await onBus()).toEqual(upTo(3));
  });
});
