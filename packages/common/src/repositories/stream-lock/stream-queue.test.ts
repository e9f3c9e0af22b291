import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StreamQueue } from "./stream-queue.ts";

const options = { maxWaitMs: 1_000, maxWaiting: 3 };
let queue: StreamQueue;

/** Work that ends when it is told to. */
function heldWork(key: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = queue.run(key, () => promise);
  return { done, end: () => resolve() };
}

beforeEach(() => {
  vi.useFakeTimers();
  queue = new StreamQueue(options);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("StreamQueue", () => {
  it("serves a thousand waiters of one key in order of arrival", async () => {
    queue = new StreamQueue({ ...options, maxWaiting: 1_000 });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, (_, number) =>
        queue.run("s-1", async () => {
          order.push(number);
          await Promise.resolve();
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, number) => number));
  });

  it("refuses who has waited too long, and never begins its work", async () => {
    const holder = heldWork("s-1");
    let hasBegun = false;
    const late = queue.run("s-1", async () => {
      hasBegun = true;
    });
    const refusal = late.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(options.maxWaitMs);
    expect(await refusal).toMatchObject({
      code: "stream_busy",
      status: 409,
      headers: { "retry-after": "1" },
    });
    const next = queue.run("s-1", async () => "next");
    holder.end();
    expect(await next).toBe("next");
    await holder.done;
    expect(hasBegun).toBe(false);
  });

  it("refuses at once when too many wait, over all keys, and not who need not wait", async () => {
    const holders = [heldWork("s-1"), heldWork("s-2")];
    const waiting = ["s-1", "s-1", "s-2"].map((key) => queue.run(key, async () => key));
    await expect(queue.run("s-2", async () => "too many")).rejects.toMatchObject({
      code: "service_unavailable",
    });
    expect(await queue.run("s-3", async () => "free")).toBe("free");
    for (const holder of holders) holder.end();
    expect(await Promise.all(waiting)).toEqual(["s-1", "s-1", "s-2"]);
    const again = ["s-1", "s-1", "s-1"].map((key) => queue.run(key, async () => key));
    expect(await Promise.all(again)).toEqual(["s-1", "s-1", "s-1"]);
  });

  it("goes on after work that throws", async () => {
    const failing = queue.run("s-1", async () => {
      throw new Error("broken");
    });
    const next = queue.run("s-1", async () => "next");
    await expect(failing).rejects.toThrow("broken");
    expect(await next).toBe("next");
  });
});
