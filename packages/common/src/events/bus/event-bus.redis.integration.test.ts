import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectRedis } from "../../cache/redis-connection.ts";
import { MemoryDeadLetterRepository } from "../../repositories/dead-letter/dead-letter-repository.memory.ts";
import { openRedisDoor, type RedisDoor } from "../../testing/redis-door.ts";
import { createTestRedis, type TestRedis } from "../../testing/test-database.ts";
import {
  type BusWorld,
  describeEventBus,
  eventOf,
  MAX_LENGTH,
  placedAt,
  TOPIC,
} from "./event-bus.contract.ts";
import { RedisEventBus } from "./event-bus.redis.ts";
import { describeEventConsumer, eagerConsumer } from "./event-consumer.contract.ts";

const WAIT = { timeout: 20_000 };

async function openBus(url: string, timeoutMs = 10_000): Promise<RedisEventBus> {
  const bus = new RedisEventBus({ url, maxLength: MAX_LENGTH, timeoutMs, onError: () => {} });
  await vi.waitUntil(() => bus.isReady, WAIT);
  return bus;
}

async function makeWorld(): Promise<BusWorld> {
  const redis = await createTestRedis();
  const opened = [await openBus(redis.url)] as [RedisEventBus, ...RedisEventBus[]];
  const openOther = async () => {
    const other = await openBus(redis.url);
    opened.push(other);
    return other;
  };
  const close = async () => {
    for (const bus of opened) await bus.close();
    await redis.drop();
  };
  return { bus: opened[0], openOther, close };
}

describeEventBus("Redis", makeWorld);
describeEventConsumer("Redis", makeWorld);

describe("the event bus in Redis", () => {
  let redis: TestRedis;
  let door: RedisDoor;
  let bus: RedisEventBus;
  beforeEach(async () => {
    redis = await createTestRedis();
    door = await openRedisDoor(redis.url);
    bus = await openBus(door.url);
  });
  afterEach(async () => {
    await bus.close();
    await door.close();
    await redis.drop();
  });

  it("refuses at once while Redis is away, and goes on where it was", async () => {
    const subscription = bus.subscribe("group", TOPIC);
    await bus.append(TOPIC, placedAt(1, 2));
    await subscription.read(1);
    await door.close();
    await vi.waitUntil(() => !bus.isReady, WAIT);
    await expect(bus.append(TOPIC, placedAt(3))).rejects.toThrow("client is offline");
    await expect(subscription.read(1)).rejects.toThrow("client is offline");
    await expect(subscription.recover(1, 0)).rejects.toThrow("client is offline");
    await door.reopen();
    await vi.waitUntil(() => bus.isReady, WAIT);
    expect((await subscription.read(10)).deliveries).toMatchObject([{ position: 2n }]);
    expect((await subscription.recover(10, 0)).deliveries).toHaveLength(2);
  });

  it("waits no longer than it may for a Redis that hangs, and repeats without harm", async () => {
    const hasty = await openBus(door.url, 50);
    door.hang();
    await expect(hasty.append(TOPIC, placedAt(1))).rejects.toThrow("has not answered");
    door.release();
    await expect
      .poll(() => hasty.append(TOPIC, placedAt(1, 2)).catch(() => undefined), WAIT)
      .toBe(2n);
    expect((await bus.subscribe("group", TOPIC).read(10)).deliveries).toHaveLength(2);
    await hasty.close();
  });

  it("begins a group again when Redis was emptied", async () => {
    const subscription = bus.subscribe("group", TOPIC);
    await bus.append(TOPIC, placedAt(1, 2, 3));
    await subscription.read(10);
    await redis.drop();
    expect((await subscription.recover(10, 0)).deliveries).toEqual([]);
    expect(await subscription.read(10)).toEqual({ deliveries: [], missed: 0, behind: 0 });
    await bus.append(TOPIC, placedAt(2, 3));
    const { deliveries, missed } = await subscription.read(10);
    expect([deliveries.length, missed]).toEqual([2, 0]);
  });

  it("keeps a topic and its groups under one key, bounded in length and in life", async () => {
    await bus.append(TOPIC, placedAt(1, 2, 3, 4, 5, 6, 7));
    await bus.subscribe("group", TOPIC).read(10);
    const client = connectRedis({ url: redis.url, onError: () => {} });
    await vi.waitUntil(() => client.isReady, WAIT);
    expect(await client.keys("*")).toEqual([`orrery:events:${TOPIC}`]);
    expect(await client.xLen(`orrery:events:${TOPIC}`)).toBe(MAX_LENGTH);
    expect(await client.pTTL(`orrery:events:${TOPIC}`)).toBeGreaterThan(0);
    client.destroy();
  });

  it("tells of what is no event, and does not keep it for ever", async () => {
    const client = connectRedis({ url: redis.url, onError: () => {} });
    await vi.waitUntil(() => client.isReady, WAIT);
    const faulty = { ...eventOf(4), payload: {} };
    const dateless = { ...eventOf(5), occurredAt: "2026-02-30T00:00:60Z" };
    const texts = [
      "no json",
      "{}",
      '{"id":1}',
      ...[faulty, dateless].map((e) => JSON.stringify(e)),
    ];
    for (const [index, event] of texts.entries()) {
      await client.xAdd(`orrery:events:${TOPIC}`, `${index + 1}-0`, { event });
    }
    client.destroy();
    const letters = new MemoryDeadLetterRepository(() => 0);
    const { consumer, observed } = eagerConsumer(bus, {
      handle: async () => "applied",
      deadLetters: letters,
    });
    const dead = () => observed.outcomes.filter((outcome) => outcome === "dead");
    await vi.waitUntil(async () => {
      await consumer.consume();
      return dead().length === texts.length;
    }, WAIT);
    await consumer.consume();
    expect(observed.behind).toBe(0);
    expect(String((observed.errors[0] as Error).cause)).toContain("it is no event");
    expect(await letters.list(10)).toMatchObject([{ event: faulty }]);
  });
});
