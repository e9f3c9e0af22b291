import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { MicroBatch, type Settled } from "./micro-batch.ts";

type Process = (items: readonly string[]) => Promise<readonly Settled<string>[]>;

interface Making {
  maxItems?: number;
  maxRunning?: number;
  minItemsBeside?: number;
  groupOf?: (item: string) => string;
  results?: Partial<Record<string, Settled<string>>>;
}

/** A batch whose work ends when the test says so. */
function makeBatch({
  maxItems = 3,
  maxRunning = 1,
  minItemsBeside = 1,
  groupOf,
  results = {},
}: Making = {}) {
  const started: string[][] = [];
  const ends: (() => void)[] = [];
  const process: Process = async (items) => {
    started.push([...items]);
    await new Promise<void>((resolve) => {
      ends.push(resolve);
    });
    return items.map((item) => results[item.slice(0, 1)] ?? { value: `did ${item}` });
  };
  const batch = new MicroBatch<string, string>({
    maxItems,
    maxRunning,
    minItemsBeside,
    keyOf: (item) => item.slice(0, 1),
    ...(groupOf === undefined ? {} : { groupOf }),
    process,
    resultForTwin: (first) => (first === "refused" ? undefined : `twin of ${first}`),
  });
  const end = async () => {
    await expect.poll(() => ends.length).toBeGreaterThan(0);
    ends.shift()?.();
  };
  return { batch, started, end };
}

describe("MicroBatch", () => {
  it("sends at once what is asked for in one turn, and gathers the rest meanwhile", async () => {
    const { batch, started, end } = makeBatch();
    const first = [batch.run("a"), batch.run("b")];
    await setImmediate();
    expect(started).toEqual([["a", "b"]]);
    const later = ["c", "d", "e", "f"].map((item) => batch.run(item));
    expect(started).toHaveLength(1);
    await end();
    expect(await Promise.all(first)).toEqual(["did a", "did b"]);
    await end();
    await end();
    expect(await Promise.all(later)).toEqual(["did c", "did d", "did e", "did f"]);
    expect(started).toEqual([["a", "b"], ["c", "d", "e"], ["f"]]);
  });

  it("works on a key once and tells its twins, in whatever number", async () => {
    const { batch, started, end } = makeBatch();
    const answers = Promise.all(["a1", "b", "a2", "a3"].map((item) => batch.run(item)));
    await end();
    expect(await answers).toEqual(["did a1", "did b", "twin of did a1", "twin of did a1"]);
    expect(started).toEqual([["a1", "b"]]);
  });

  it("works on a second batch beside the first when many wait, and on no key twice at a time", async () => {
    const { batch, started, end } = makeBatch({ maxItems: 2, maxRunning: 2, minItemsBeside: 2 });
    const answers = ["a1", "b", "c", "d", "e", "f"].map((item) => batch.run(item));
    await setImmediate();
    expect(started).toEqual([
      ["a1", "b"],
      ["c", "d"],
    ]);
    const twin = batch.run("a2");
    await setImmediate();
    expect(started).toHaveLength(2);
    await end();
    expect(await twin).toBe("twin of did a1");
    expect(started[2]).toEqual(["e", "f"]);
    await end();
    await end();
    const done = ["did a1", "did b", "did c", "did d", "did e", "did f"];
    expect(await Promise.all(answers)).toEqual(done);
  });

  it("lets few wait for the batch before them", async () => {
    const { batch, started, end } = makeBatch({ maxItems: 3, maxRunning: 2, minItemsBeside: 2 });
    const first = batch.run("a");
    await setImmediate();
    const second = batch.run("b");
    await setImmediate();
    expect(started).toEqual([["a"]]);
    const third = batch.run("c");
    await setImmediate();
    expect(started).toEqual([["a"], ["b", "c"]]);
    await end();
    await end();
    expect(await Promise.all([first, second, third])).toEqual(["did a", "did b", "did c"]);
  });

  it("has no group in two batches at a time, and takes nobody's turn for good", async () => {
    const groupOf = (item: string) => item.slice(1);
    const { batch, started, end } = makeBatch({ maxItems: 2, maxRunning: 2, groupOf });
    const answers = ["a1", "b1", "c1", "d2", "e1"].map((item) => batch.run(item));
    await setImmediate();
    expect(started).toEqual([["a1", "b1"], ["d2"]]);
    await end();
    await expect.poll(() => started.length).toBe(3);
    expect(started[2]).toEqual(["c1", "e1"]);
    await end();
    await end();
    const done = ["did a1", "did b1", "did c1", "did d2", "did e1"];
    expect(await Promise.all(answers)).toEqual(done);
  });

  it("begins nothing beside a batch when too few are free of its groups", async () => {
    const groupOf = (item: string) => item.slice(1);
    const limits = { maxItems: 4, maxRunning: 2, minItemsBeside: 2 };
    const { batch, started, end } = makeBatch({ ...limits, groupOf });
    const first = batch.run("a1");
    await setImmediate();
    const later = ["b1", "c1", "d2"].map((item) => batch.run(item));
    await setImmediate();
    expect(started).toEqual([["a1"]]);
    await end();
    await end();
    expect(await Promise.all([first, ...later])).toHaveLength(4);
    expect(started[1]).toEqual(["b1", "c1", "d2"]);
  });

  it("works on a twin itself when the first gave it nothing", async () => {
    const results: Record<string, Settled<string>> = { a: { value: "refused" } };
    const { batch, started, end } = makeBatch({ results });
    const answers = ["a1", "a2"].map((item) => batch.run(item));
    await end();
    await end();
    expect(await Promise.all(answers)).toEqual(["refused", "refused"]);
    expect(started).toEqual([["a1"], ["a2"]]);
  });

  it("rejects the item that failed and no other", async () => {
    const { batch, end } = makeBatch({ results: { a: { error: new Error("no") } } });
    const answers = Promise.allSettled([batch.run("a"), batch.run("b")]);
    await end();
    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("goes on after a batch that failed whole", async () => {
    let isBroken = true;
    const batch = new MicroBatch<string, string>({
      maxItems: 2,
      maxRunning: 1,
      keyOf: (item) => item,
      process: async (items) => {
        if (isBroken) throw new Error("away");
        return items.map((value) => ({ value }));
      },
      resultForTwin: (first) => first,
    });
    await expect(batch.run("a")).rejects.toThrow("away");
    isBroken = false;
    expect(await batch.run("a")).toBe("a");
  });
});
