import { beforeEach, describe, expect, it } from "vitest";
import { MapSide, testKey } from "./map-side.contract.ts";
import { Mirror } from "./mirror.ts";

class Away extends Error {}

describe("Mirror", () => {
  let from: MapSide;
  let to: MapSide;
  let refused: unknown[];
  const mirrorOf = (options: { maxRepairs?: number; retryMs?: number } = {}) =>
    new Mirror({
      from: () => from,
      to: () => to,
      maxRepairs: 10,
      onRefused: (error) => refused.push(error),
      isAway: (error) => error instanceof Away,
      retryMs: 1,
      ...options,
    });

  beforeEach(() => {
    from = new MapSide();
    to = new MapSide();
    refused = [];
  });

  it("makes the other side what the first one is, gone records too", async () => {
    const mirror = mirrorOf();
    from.put("a", 1);
    to.put("gone", 9);
    expect(await mirror.copy([testKey("a"), testKey("gone")])).toBe(true);
    expect(to.values).toEqual({ a: 1 });
  });

  it("copies what many have changed in few writes, each record as it is last", async () => {
    const mirror = mirrorOf();
    const copies = Array.from({ length: 100 }, (_, index) => {
      from.put(`r${index % 10}`, index);
      return mirror.copy([testKey(`r${index % 10}`)]);
    });
    expect((await Promise.all(copies)).every(Boolean)).toBe(true);
    expect(to.values).toEqual(from.values);
    expect(to.writes).toBeLessThan(5);
  });

  it("repairs a record that is refused, without holding up the others", async () => {
    const mirror = mirrorOf();
    for (const id of ["a", "bad", "c"]) from.put(id, 1);
    to.refuse = (id) => (id === "bad" ? new Error("no") : undefined);
    expect(await mirror.copy(["a", "bad", "c"].map(testKey))).toBe(false);
    expect(to.values).toEqual({ a: 1, c: 1 });
    expect(mirror.repairs).toBe(1);
    from.put("bad", 2);
    to.refuse = () => undefined;
    await expect.poll(() => mirror.repairs).toBe(0);
    expect(to.values).toEqual({ a: 1, bad: 2, c: 1 });
    expect(refused.length).toBeGreaterThan(0);
    await mirror.stop();
  });

  it("lets nobody wait for a side that is away, and copies all once it is back", async () => {
    const mirror = mirrorOf();
    to.refuse = () => new Away("away");
    from.put("a", 1);
    await mirror.copy([testKey("a")]);
    const writes = to.writes;
    from.put("b", 1);
    expect(await mirror.copy([testKey("b")])).toBe(false);
    expect(to.writes).toBeLessThanOrEqual(writes + 1);
    to.refuse = () => undefined;
    await expect.poll(() => mirror.repairs).toBe(0);
    expect(to.values).toEqual({ a: 1, b: 1 });
    from.put("c", 1);
    expect(await mirror.copy([testKey("c")])).toBe(true);
    await mirror.stop();
  });

  it("says that more waited for repair than fit", async () => {
    const mirror = mirrorOf({ maxRepairs: 2, retryMs: 60_000 });
    to.refuse = () => new Away("away");
    for (const id of ["a", "b"]) await mirror.copy([testKey(id)]);
    expect([mirror.repairs, mirror.hasOverflowed]).toEqual([2, false]);
    await mirror.copy([testKey("c")]);
    expect([mirror.repairs, mirror.hasOverflowed]).toEqual([2, true]);
    expect(await mirror.flush()).toBe(false);
    await mirror.stop();
    expect([mirror.repairs, mirror.hasOverflowed]).toEqual([0, false]);
  });

  it("does not hold up an operation longer than it may", async () => {
    const writing = Promise.withResolvers<void>();
    const slow = new MapSide();
    slow.write = () => writing.promise;
    const mirror = new Mirror({
      from: () => from,
      to: () => slow,
      maxRepairs: 10,
      onRefused: () => undefined,
      isAway: () => false,
      waitMs: 1,
    });
    expect(await mirror.copy([testKey("a")])).toBe(false);
    writing.resolve();
    expect(await mirror.flush()).toBe(true);
  });
});
