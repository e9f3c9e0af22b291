import { afterEach, describe, expect, it } from "vitest";
import { FAILURES_TO_OPEN } from "./breaker.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Lane } from "./lane.ts";
import { Upstream } from "./upstream.ts";

const ORIGIN = "http://billing:8081";
const at = (address: string): Endpoint => ({ origin: ORIGIN, address: { address, family: 4 } });
const byName: Endpoint = { origin: ORIGIN, address: undefined };

describe("an upstream", () => {
  const opened: Upstream[] = [];
  const breakersOpened: string[] = [];
  afterEach(async () => {
    breakersOpened.length = 0;
    for (const upstream of opened.splice(0)) await upstream.close();
  });

  function open(endpoints: readonly Endpoint[], maxPending = 2): Upstream {
    const upstream = new Upstream(endpoints, {
      audience: "billing",
      maxPending: { calls: maxPending, watches: maxPending },
      clock: () => 0,
      onOpened: (audience, instance) => void breakersOpened.push(`${audience} ${instance}`),
    });
    opened.push(upstream);
    return upstream;
  }
  /** A request that never ends. */
  function hold(lane: Lane | undefined): void {
    lane?.begin();
  }
  const labels = (upstream: Upstream) => upstream.reports.map(({ label }) => label);

  it("spreads by what is pending, and refuses when every instance is full", () => {
    const upstream = open([at("127.0.0.1"), at("127.0.0.2")]);
    for (let call = 0; call < 4; call += 1) hold(upstream.pick("calls"));
    expect(upstream.reports.map(({ pending }) => pending.calls)).toEqual([2, 2]);
    expect(upstream.pick("calls")).toBeUndefined();
  });

  it("takes nothing from calls when readers wait", () => {
    const upstream = open([byName]);
    hold(upstream.pick("watches"));
    hold(upstream.pick("watches"));
    expect(upstream.pick("watches")).toBeUndefined();
    expect(upstream.pick("calls")?.pending).toBe(0);
  });

  it("leaves an instance out that keeps failing, on both lanes, and says so once", () => {
    const upstream = open([at("127.0.0.1"), at("127.0.0.2")]);
    const bad = upstream.pick("calls");
    for (let call = 0; call < FAILURES_TO_OPEN; call += 1) bad?.failed(false);
    for (let call = 0; call < 4; call += 1) expect(upstream.pick("calls")).not.toBe(bad);
    expect(upstream.reports.filter(({ state }) => state === "open")).toHaveLength(1);
    expect(breakersOpened).toHaveLength(1);
    expect(new Set([upstream.pick("watches"), upstream.pick("watches")]).size).toBe(1);
  });

  it("keeps instances that stay when addresses change, and numbers the new ones anew", () => {
    const upstream = open([byName]);
    expect(labels(upstream)).toEqual(["billing:8081"]);
    upstream.replace([at("127.0.0.1"), at("127.0.0.2")]);
    expect(labels(upstream)).toEqual(["billing:8081#0", "billing:8081#1"]);
    hold(upstream.pick("calls"));
    const busy = upstream.reports.find(({ pending }) => pending.calls === 1)?.label;
    upstream.replace([at("127.0.0.1"), at("127.0.0.2"), at("127.0.0.3")]);
    expect(upstream.reports.find(({ pending }) => pending.calls === 1)?.label).toBe(busy);
    upstream.replace([at("127.0.0.3"), at("127.0.0.4")]);
    // However many addresses come and go, there are no more names than instances at a time.
    expect(labels(upstream).toSorted()).toEqual(["billing:8081#0", "billing:8081#2"]);
  });

  it("is the same when the same addresses are found again", () => {
    const upstream = open([at("127.0.0.1"), at("127.0.0.2")]);
    const lanes = new Set([upstream.pick("calls"), upstream.pick("calls")]);
    upstream.replace([at("127.0.0.2"), at("127.0.0.1")]);
    expect(lanes.has(upstream.pick("calls"))).toBe(true);
    expect(lanes.has(upstream.pick("calls"))).toBe(true);
  });
});
