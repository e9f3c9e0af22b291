import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { type Database, openDatabase } from "../database.ts";
import { mustBe, newStream, started } from "./stream-fixture.contract.ts";
import { KyselyStreamRepository } from "./stream-repository.kysely.ts";

const test = useTestDatabase();

interface Process {
  readonly database: Database;
  readonly streams: KyselyStreamRepository;
}

/** A pool and a queue of its own, as each process has them. */
let processes: Process[] = [];

function startProcess(name: string, bounds: { maxQueueMs?: number; maxLockMs?: number } = {}) {
  const database = openDatabase({ url: test.url(), poolSize: 10, applicationName: name });
  const streams = new KyselyStreamRepository({ database: database.kysely, ...bounds });
  processes.push({ database, streams });
  return { database, streams };
}

/** Locks a stream and keeps it locked until it is told to let go. */
async function hold({ streams }: Process, id = "s-1") {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const done = streams.withLock("acme", id, async (locked) => {
    locked.save(started(locked));
    begun.resolve();
    await promise;
  });
  // Whoever waits for it hears of its end.
  done.catch(() => undefined);
  await begun.promise;
  return { done, letGo: () => resolve() };
}

const connections = async (where: string) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity where ${sql.raw(where)}
  `.execute(test.database().kysely);
  return rows[0]?.count ?? 0;
};

const waitsForLock = (name: string) =>
  vi.waitUntil(
    async () =>
      (await connections(`application_name = '${name}' and wait_event = 'advisory'`)) === 1,
    { timeout: 20_000, interval: 20 },
  );

beforeEach(async () => {
  await test.empty();
  processes = [];
});

afterEach(async () => {
  for (const { database } of processes) await database.close();
});

describe("the lock of a stream in Postgres", () => {
  it("serves a thousand waiters in order with one connection", async () => {
    const first = startProcess("first", { maxQueueMs: 60_000 });
    await first.streams.create("acme", newStream("s-1"));
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, (_, number) =>
        first.streams.withLock("acme", "s-1", () => order.push(number)),
      ),
    );
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, number) => number));
    expect(first.database.pool.totalCount).toBe(1);
  });

  it("lets one process at a time change a stream, and loses no change", async () => {
    const both = [startProcess("first"), startProcess("second")] as const;
    await both[0].streams.create("acme", newStream("s-1"));
    let working = 0;
    const counts = await Promise.all(
      Array.from({ length: 100 }, (_, number) =>
        both[number % 2 === 0 ? 0 : 1].streams.withLock("acme", "s-1", async (locked) => {
          working += 1;
          expect(working).toBe(1);
          const stream = mustBe(locked);
          const settlementCount = stream.settlementCount + 1;
          locked.save({ stream: { ...stream, settlementCount } });
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          working -= 1;
          return settlementCount;
        }),
      ),
    );
    expect(counts.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it("gives the next turn to the process that has waited longest", async () => {
    const [first, second, third] = ["first", "second", "third"].map((name) =>
      startProcess(name, { maxLockMs: 14_000 }),
    ) as [Process, Process, Process];
    await first.streams.create("acme", newStream("s-1"));
    const held = await hold(first);
    const order: string[] = [];
    const waiting = [];
    for (const [name, { streams }] of [
      ["second", second],
      ["third", third],
    ] as const) {
      waiting.push(streams.withLock("acme", "s-1", () => order.push(name)));
      await waitsForLock(name);
    }
    held.letGo();
    await Promise.all([held.done, ...waiting]);
    expect(order).toEqual(["second", "third"]);
  });

  it("refuses with 409 who has waited too long for another process", async () => {
    const first = startProcess("first");
    await first.streams.create("acme", newStream("s-1"));
    const held = await hold(first);
    const second = startProcess("second", { maxLockMs: 50 });
    await expect(second.streams.withLock("acme", "s-1", () => "begun")).rejects.toMatchObject({
      code: "stream_busy",
      status: 409,
    });
    held.letGo();
    await held.done;
    expect(await second.streams.withLock("acme", "s-1", () => "begun")).toBe("begun");
  });

  it("is free again, and nothing was changed, when its holder's connection breaks", async () => {
    const first = startProcess("first");
    await first.streams.create("acme", newStream("s-1"));
    const held = await hold(first);
    const second = startProcess("second", { maxLockMs: 14_000 });
    const next = second.streams.withLock("acme", "s-1", ({ stream }) => stream?.status);
    await waitsForLock("second");
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'first'
    `.execute(test.database().kysely);
    expect(await next).toBe("draft");
    held.letGo();
    await expect(held.done).rejects.toMatchObject({ code: "service_unavailable" });
  });
});
