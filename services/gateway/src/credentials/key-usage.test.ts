import type { KeyUse } from "@orrery/common/repositories/api-key/api-key-repository";
import { afterEach, describe, expect, it, vi } from "vitest";
import { KeyUsage } from "./key-usage.ts";

const AT_MS = Date.parse("2026-01-01T00:00:00.000Z");

describe("KeyUsage", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  function recording(capacity = 10) {
    const writes: (readonly KeyUse[])[] = [];
    const faults: unknown[] = [];
    let isAway = false;
    const usage = new KeyUsage({
      keys: {
        noteUsed: async (uses) => {
          if (isAway) throw new Error("away");
          writes.push(uses);
        },
      },
      onError: (error) => faults.push(error),
      intervalMs: 1,
      capacity,
    });
    return { usage, writes, faults, setAway: (away: boolean) => (isAway = away) };
  }

  it("writes the last use of each key, many at a time, and nothing twice", async () => {
    const { usage, writes } = recording();
    usage.note("a", AT_MS);
    usage.note("b", AT_MS + 1);
    usage.note("a", AT_MS + 2);
    usage.start();
    await expect.poll(() => writes.length).toBe(1);
    await usage.close();
    expect(writes).toEqual([
      [
        { keyId: "a", at: new Date(AT_MS + 2) },
        { keyId: "b", at: new Date(AT_MS + 1) },
      ],
    ]);
  });

  it("keeps what could not be written, and no more than its capacity", async () => {
    const { usage, writes, faults, setAway } = recording(2);
    setAway(true);
    usage.start();
    for (const keyId of ["a", "b", "c"]) usage.note(keyId, AT_MS);
    await expect.poll(() => faults.length).toBeGreaterThan(0);
    setAway(false);
    await expect.poll(() => writes.flat().map(({ keyId }) => keyId)).toEqual(["a", "b"]);
    await usage.close();
  });

  it("does not wait for ever for a store that never answers, not even when it is closed", async () => {
    vi.useFakeTimers();
    const faults: unknown[] = [];
    const usage = new KeyUsage({
      keys: { noteUsed: () => Promise.withResolvers<never>().promise },
      onError: (error) => faults.push(error),
      intervalMs: 1,
    });
    usage.note("a", AT_MS);
    usage.start();
    await vi.advanceTimersByTimeAsync(1);
    const closed = usage.close();
    await vi.advanceTimersByTimeAsync(60_000);
    await closed;
    expect(faults).toHaveLength(2);
  });

  it("writes what waits when it is closed", async () => {
    const { usage, writes } = recording();
    usage.note("a", AT_MS);
    await usage.close();
    expect(writes.flat()).toEqual([{ keyId: "a", at: new Date(AT_MS) }]);
  });
});
