import type { LookupAddress } from "node:dns";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Endpoint } from "./endpoint.ts";
import { NameWatch } from "./name-watch.ts";

const four = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));

describe("NameWatch", () => {
  let answer: () => Promise<LookupAddress[]>;
  let told: (readonly Endpoint[])[];
  let errors: unknown[];
  let watch: NameWatch;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    told = [];
    errors = [];
    answer = async () => four("10.0.0.1", "10.0.0.2");
    watch = new NameWatch({
      origins: ["http://billing:1", "http://192.0.2.1:1"],
      onEndpoints: (endpoints) => told.push(endpoints),
      onError: (error) => errors.push(error),
      intervalMs: 5_000,
      lookup: () => answer(),
    });
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  const addressesOf = (endpoints: readonly Endpoint[] | undefined) =>
    endpoints?.map(({ origin, address }) => address?.address ?? origin);

  it("has each origin as one instance before anything was looked up", () => {
    expect(addressesOf(watch.endpoints)).toEqual(["http://billing:1", "http://192.0.2.1:1"]);
  });

  it("follows what a name has, and asks again only when it was answered", async () => {
    watch.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(addressesOf(told[0])).toEqual(["10.0.0.1", "10.0.0.2", "http://192.0.2.1:1"]);
    let questions = 0;
    answer = () => {
      questions += 1;
      return new Promise(() => {});
    };
    await vi.advanceTimersByTimeAsync(60_000);
    expect([questions, told.length]).toEqual([1, 1]);
  });

  it.each([
    ["fails", async () => Promise.reject(new Error("SERVFAIL"))],
    ["knows nothing", async () => []],
  ])("keeps what it knew while the resolver %s", async (_what, worse) => {
    watch.start();
    await vi.advanceTimersByTimeAsync(0);
    answer = worse;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(addressesOf(told[1])).toEqual(["10.0.0.1", "10.0.0.2", "http://192.0.2.1:1"]);
    answer = async () => four("10.0.0.2", "10.0.0.3");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(addressesOf(told[2])).toEqual(["10.0.0.2", "10.0.0.3", "http://192.0.2.1:1"]);
  });

  it("asks nothing when there is no name, and nothing more once stopped", async () => {
    let questions = 0;
    const lookup = async () => {
      questions += 1;
      return four("10.0.0.1");
    };
    const options = { onEndpoints: () => {}, onError: () => {}, intervalMs: 1, lookup };
    new NameWatch({ ...options, origins: ["http://10.0.0.1"] }).start();
    await vi.advanceTimersByTimeAsync(10);
    expect(questions).toBe(0);
    const stopped = new NameWatch({ ...options, origins: ["http://billing"] });
    stopped.start();
    stopped.stop();
    await vi.advanceTimersByTimeAsync(10);
    expect(questions).toBe(1);
  });
});
