import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TwinPatience, TwinWaits } from "./twin-waits.ts";

const inProgress = expect.objectContaining({ code: "idempotency_in_progress" });

describe("TwinWaits", () => {
  let waits: TwinWaits;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    waits = new TwinWaits();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets one work on a key at a time", () => {
    expect([waits.tryBegin("a"), waits.tryBegin("a"), waits.tryBegin("b")]).toEqual([
      true,
      false,
      true,
    ]);
    waits.end("a");
    expect(waits.tryBegin("a")).toBe(true);
  });

  it("wakes the twins of the one that is done, and of no other", async () => {
    waits.tryBegin("a");
    waits.tryBegin("b");
    const woken: string[] = [];
    const wait = async (token: string) => {
      await waits.pause(token, new TwinPatience(60_000));
      woken.push(token);
    };
    const twins = [wait("a"), wait("b"), wait("a")];
    waits.end("a");
    await Promise.all([twins[0], twins[2]]);
    expect(woken).toEqual(["a", "a"]);
    waits.end("b");
    await twins[1];
    expect(vi.getTimerCount()).toBe(0);
  });

  it("looks again by itself, less and less often, until the patience is over", async () => {
    const patience = new TwinPatience(1_000);
    const startMs = performance.now();
    const looks: number[] = [];
    for (;;) {
      const pause = waits.pause("elsewhere", patience).then(
        () => "look",
        () => "over",
      );
      await vi.advanceTimersToNextTimerAsync();
      if ((await pause) === "over") break;
      looks.push(performance.now() - startMs);
    }
    expect(looks).toEqual([20, 60, 140, 300, 550, 800, 1_000]);
    await expect(waits.pause("elsewhere", patience)).rejects.toEqual(inProgress);
  });

  it("lets 256 wait and no more", async () => {
    const waiting = Array.from({ length: 256 }, () => waits.pause("a", new TwinPatience(60_000)));
    await expect(waits.pause("b", new TwinPatience(60_000))).rejects.toEqual(inProgress);
    await vi.advanceTimersToNextTimerAsync();
    await Promise.all(waiting);
    const next = waits.pause("b", new TwinPatience(60_000));
    await vi.advanceTimersToNextTimerAsync();
    await next;
  });

  it("lets everybody go when it is closed, and nobody wait afterwards", async () => {
    waits.tryBegin("a");
    const waiting = [
      waits.pause("a", new TwinPatience(60_000)),
      waits.pause("b", new TwinPatience(60_000)),
    ];
    waits.close();
    await Promise.all(waiting);
    await expect(waits.pause("a", new TwinPatience(60_000))).rejects.toEqual(inProgress);
  });
});
