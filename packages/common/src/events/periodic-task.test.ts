import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { currentTally, QueryTally, tallying } from "../observability/database/query-tally.ts";
import { PeriodicTask } from "./periodic-task.ts";

describe("a periodic task", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function held() {
    const counts = { started: 0, atOnce: 0, mostAtOnce: 0, errors: 0 };
    let letGo = () => {};
    const task = new PeriodicTask({
      intervalMs: 100,
      run: async () => {
        counts.started += 1;
        counts.atOnce += 1;
        counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.atOnce);
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
        counts.atOnce -= 1;
      },
      onError: () => {
        counts.errors += 1;
      },
    });
    return { task, counts, letGo: () => letGo() };
  }

  it("runs once more for all nudges during a run, never twice at once", async () => {
    const { task, counts, letGo } = held();
    task.start();
    await vi.advanceTimersByTimeAsync(100);
    task.nudge();
    task.nudge();
    expect(counts.started).toBe(1);
    letGo();
    await vi.advanceTimersByTimeAsync(0);
    expect(counts).toMatchObject({ started: 2, mostAtOnce: 1 });
    letGo();
    await task.close();
  });

  it("goes on after a failure at the next interval", async () => {
    let runs = 0;
    const errors: unknown[] = [];
    const task = new PeriodicTask({
      intervalMs: 100,
      run: async () => {
        runs += 1;
        throw new Error("away");
      },
      onError: (error) => errors.push(error),
    });
    task.start();
    await vi.advanceTimersByTimeAsync(250);
    expect([runs, errors.length]).toEqual([2, 2]);
    await task.close();
  });

  it("closes after the run that is under way, and never runs again", async () => {
    const { task, counts, letGo } = held();
    task.nudge();
    let isClosed = false;
    const closing = task.close().then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(isClosed).toBe(false);
    letGo();
    await closing;
    task.nudge();
    await vi.advanceTimersByTimeAsync(500);
    expect(counts.started).toBe(1);
  });

  it("works in nobody's name when a request has nudged it", async () => {
    const names: unknown[] = [];
    const task = new PeriodicTask({
      intervalMs: 100,
      run: async () => void names.push(currentTally()),
      onError: () => {},
    });
    tallying(new QueryTally(), () => task.nudge());
    await vi.advanceTimersByTimeAsync(100);
    await task.close();
    expect(names).toEqual([undefined, undefined]);
  });
});
