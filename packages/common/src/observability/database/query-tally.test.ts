import { setImmediate as aTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { MicroBatch } from "../../repositories/micro-batch.ts";
import { currentTally, outsideRequest, QueryTally, tallying } from "./query-tally.ts";
import { shapeOf } from "./statement-shape.ts";

const SELECT = shapeOf("select * from vaults where id = $1");
const INSERT = shapeOf("insert into vaults values ($1)");
const COMMIT = shapeOf("commit");

const send = (...shapes: (typeof SELECT)[]) => {
  for (const shape of shapes) currentTally()?.add(shape);
};

describe("a request's tally", () => {
  it("counts what is sent in its name, over every await and timer, and nobody else's", async () => {
    const work = async (times: number) => {
      const tally = new QueryTally();
      await tallying(tally, async () => {
        for (let n = 0; n < times; n += 1) {
          send(SELECT);
          await aTurn();
        }
      });
      return tally.count;
    };
    expect(await Promise.all([work(1), work(2), work(3)])).toEqual([1, 2, 3]);
    expect(currentTally()).toBeUndefined();
  });

  it("leaves out what only frames a transaction, and knows what was repeated most", () => {
    const tally = new QueryTally();
    tallying(tally, () => send(INSERT, SELECT, SELECT, COMMIT, COMMIT, COMMIT));
    expect(tally.count).toBe(3);
    expect(tally.mostRepeated).toEqual([SELECT, 2]);
  });

  it("counts nothing that a worker does which it woke, nor anything after its answer", () => {
    const tally = new QueryTally();
    tallying(tally, () => {
      outsideRequest(() => send(SELECT));
      send(SELECT);
      tally.close();
      send(SELECT);
    });
    expect(tally.count).toBe(1);
  });
});

describe("a micro-batch", () => {
  const batchOf = (process: (items: readonly number[]) => Promise<void>) =>
    new MicroBatch<number, number>({
      maxItems: 100,
      maxRunning: 1,
      keyOf: String,
      process: async (items) => {
        await process(items);
        return items.map((value) => ({ value }));
      },
      resultForTwin: (first) => first,
    });
  const countsOf = (batch: MicroBatch<number, number>, items: readonly number[]) =>
    Promise.all(
      items.map((item) => {
        const tally = new QueryTally();
        return tallying(tally, async () => {
          await batch.run(item);
          return tally.count;
        });
      }),
    );

  it("counts a statement for all of its requests once with each", async () => {
    const batch = batchOf(async () => send(SELECT, INSERT, COMMIT));
    expect(await countsOf(batch, [1, 2, 3, 4])).toEqual([2, 2, 2, 2]);
  });

  it("suspects none of its requests when it works on them one by one", async () => {
    const batch = batchOf(async (items) => send(SELECT, ...items.map(() => INSERT)));
    const items = Array.from({ length: 60 }, (_, index) => index);
    expect(new Set(await countsOf(batch, items))).toEqual(new Set([2]));
  });

  it("counts a statement once with a request that has many of its items", async () => {
    const batch = batchOf(async () => send(SELECT));
    const bulk = new QueryTally();
    const other = countsOf(batch, [100]);
    await tallying(bulk, () => Promise.all([1, 2, 3, 4, 5].map((item) => batch.run(item))));
    expect([bulk.count, await other]).toEqual([1, [1]]);
  });

  it("counts the next batch with its own requests, not with those of the one that it followed", async () => {
    const batch = batchOf(async (items) => send(...items.map(() => SELECT)));
    const first = countsOf(batch, [1]);
    const second = countsOf(batch, [2]);
    expect([await first, await second, await countsOf(batch, [3])]).toEqual([[1], [1], [1]]);
  });
});
