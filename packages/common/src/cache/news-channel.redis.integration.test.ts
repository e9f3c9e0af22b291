import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RaisedTopic } from "../repositories/outbox/outbox-repository.ts";
import { openRedisDoor, type RedisDoor } from "../testing/redis-door.ts";
import { createTestRedis, type TestRedis } from "../testing/test-database.ts";
import { RedisNewsChannel } from "./news-channel.redis.ts";
import { connectRedis } from "./redis-connection.ts";

const WAIT = { timeout: 10_000 };

describe("the news channel in Redis", () => {
  let redis: TestRedis;
  let door: RedisDoor;
  let channels: RedisNewsChannel[];

  beforeEach(async () => {
    redis = await createTestRedis();
    door = await openRedisDoor(redis.url);
    channels = [];
  });
  afterEach(async () => {
    for (const channel of channels) await channel.close();
    await door.close();
    await redis.drop();
  });

  async function open(url = redis.url) {
    const heard: RaisedTopic[] = [];
    const errors: unknown[] = [];
    const channel = new RedisNewsChannel({
      url,
      clock: () => performance.now(),
      onRaised: (raised) => heard.push(...raised),
      onError: (error) => errors.push(error),
    });
    channels.push(channel);
    await vi.waitUntil(() => channel.isListening, WAIT);
    return { channel, heard, errors };
  }

  it("tells every listener of the database, however many topics were raised", async () => {
    const [first, second] = [await open(), await open()];
    const raised = Array.from({ length: 1_201 }, (_, n) => ({
      topic: `leaderboard:${n}`,
      generation: 2n ** 62n + BigInt(n),
    }));
    await first.channel.publish(raised);
    await expect.poll(() => second.heard, WAIT).toEqual(raised);
    await expect.poll(() => first.heard, WAIT).toEqual(raised);
  });

  it("is not heard in another database", async () => {
    const other = await createTestRedis();
    const [here, there] = [await open(), await open(other.url)];
    await here.channel.publish([{ topic: "stats", generation: 1n }]);
    await there.channel.publish([{ topic: "tokens", generation: 2n }]);
    await expect.poll(() => there.heard, WAIT).toEqual([{ topic: "tokens", generation: 2n }]);
    await expect.poll(() => here.heard, WAIT).toEqual([{ topic: "stats", generation: 1n }]);
    await other.drop();
  });

  it("listens again after Redis was gone, and publishes into the void meanwhile", async () => {
    const listener = await open(door.url);
    const { channel } = await open();
    await door.close();
    await listener.channel.publish([{ topic: "lost", generation: 1n }]);
    await door.reopen();
    await expect
      .poll(async () => {
        await channel.publish([{ topic: "stats", generation: 7n }]);
        return listener.heard.at(-1);
      }, WAIT)
      .toEqual({ topic: "stats", generation: 7n });
  });

  it.each(["no json", "{}", '[["stats"]]', '[["stats","-1"]]', '[["stats",1]]'])(
    "reports %s as none of its messages and goes on",
    async (message) => {
      const { channel, heard, errors } = await open();
      const stranger = connectRedis({ url: redis.url, onError: () => {} });
      await vi.waitUntil(() => stranger.isReady, WAIT);
      const database = new URL(redis.url).pathname.slice(1);
      await stranger.publish(`orrery:${database}:raised`, message);
      await channel.publish([{ topic: "stats", generation: 3n }]);
      await expect.poll(() => heard, WAIT).toEqual([{ topic: "stats", generation: 3n }]);
      expect(errors).toHaveLength(1);
      stranger.destroy();
    },
  );
});
