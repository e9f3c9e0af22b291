import { beforeEach, describe, expect, it } from "vitest";
import { Breaker, FAILURES_TO_OPEN, FIRST_OPEN_MS, LONGEST_OPEN_MS } from "./breaker.ts";

describe("a breaker", () => {
  let nowMs: number;
  let openings: number;
  let breaker: Breaker;

  beforeEach(() => {
    nowMs = 1_000;
    openings = 0;
    breaker = new Breaker(
      () => nowMs,
      () => {
        openings += 1;
      },
    );
  });

  function fail(times = FAILURES_TO_OPEN) {
    for (let time = 0; time < times; time += 1) breaker.failed(breaker.begin());
  }

  it("opens after so many failures in a row, and not one earlier", () => {
    fail(FAILURES_TO_OPEN - 1);
    expect([breaker.state, breaker.isTaking]).toEqual(["closed", true]);
    fail(1);
    expect([breaker.state, breaker.isTaking, openings]).toEqual(["open", false, 1]);
  });

  it("counts failures in a row only: an answer begins anew", () => {
    fail(FAILURES_TO_OPEN - 1);
    breaker.succeeded();
    fail(FAILURES_TO_OPEN - 1);
    expect(breaker.state).toBe("closed");
  });

  it("lets one request try when its time is over, and no second beside it", () => {
    fail();
    nowMs += FIRST_OPEN_MS - 1;
    expect([breaker.isTaking, breaker.begin()]).toEqual([false, false]);
    nowMs += 1;
    expect([breaker.state, breaker.isTaking]).toEqual(["half_open", true]);
    expect(breaker.begin()).toBe(true);
    expect([breaker.isTaking, breaker.begin()]).toEqual([false, false]);
  });

  it("closes with the trial's answer, and forgets how often it was open", () => {
    fail();
    nowMs += FIRST_OPEN_MS;
    breaker.begin();
    breaker.succeeded();
    expect([breaker.state, breaker.isTaking]).toEqual(["closed", true]);
    fail();
    nowMs += FIRST_OPEN_MS;
    expect(breaker.state).toBe("half_open");
  });

  it("stays open twice as long after each failed trial, up to a bound", () => {
    fail();
    const openMs: number[] = [];
    for (let trial = 0; trial < 30; trial += 1) {
      const fromMs = nowMs;
      while (breaker.state === "open") nowMs += FIRST_OPEN_MS;
      openMs.push(nowMs - fromMs);
      breaker.failed(breaker.begin());
    }
    expect(openMs.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(Math.max(...openMs)).toBe(LONGEST_OPEN_MS);
    expect(openings).toBe(31);
  });

  it("gives the trial to the next when the one that tried went away", () => {
    fail();
    nowMs += FIRST_OPEN_MS;
    breaker.abandoned(breaker.begin());
    expect(breaker.isTaking).toBe(true);
    expect(breaker.begin()).toBe(true);
  });

  it("learns nothing from failures of requests that began before it opened", () => {
    fail();
    nowMs += FIRST_OPEN_MS;
    breaker.failed(false);
    expect([breaker.state, openings]).toEqual(["half_open", 1]);
  });

  it("closes with any answer, also of a request that began before it opened", () => {
    fail();
    breaker.succeeded();
    expect(breaker.state).toBe("closed");
  });
});
