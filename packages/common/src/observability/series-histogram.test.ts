import { Histogram } from "@prometheus-io/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry } from "./metrics.ts";
import { SeriesHistogram } from "./series-histogram.ts";

const NAME = "a_seconds";
const HELP = "What for.";
const BUCKETS = [0.5, 1, 2.5];
const ROUTES = ["/a", '/b"\\', "/c"];

describe("SeriesHistogram", () => {
  it("is written as the library writes the same observations of its own", async () => {
    const observation = fc.record({
      route: fc.constantFrom(...ROUTES),
      value: fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.constantFrom(...BUCKETS)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(observation, { maxLength: 40 }), async (observations) => {
        const theirs = createRegistry();
        const library = new Histogram({
          name: NAME,
          help: HELP,
          labelNames: ["route"],
          buckets: BUCKETS,
          registers: [theirs],
        });
        const ours = createRegistry();
        const histogram = new SeriesHistogram({
          name: NAME,
          help: HELP,
          labelNames: ["route"],
          buckets: BUCKETS,
          registry: ours,
        });
        for (const { route, value } of observations) {
          library.observe({ route }, value);
          histogram.series({ route }).observe(value);
        }
        expect(await ours.metrics()).toBe(await theirs.metrics());
      }),
      { numRuns: 50 },
    );
  });

  it("has one series for the same labels, whoever asks", async () => {
    const registry = createRegistry();
    const histogram = new SeriesHistogram({
      name: NAME,
      help: HELP,
      labelNames: ["method", "route"],
      buckets: BUCKETS,
      registry,
    });
    histogram.series({ method: "GET", route: "/a" }).observe(1);
    histogram.series({ route: "/a", method: "GET" }).observe(1);
    const text = await registry.metrics();
    expect(text.match(/a_seconds_count/g)).toHaveLength(1);
    expect(text).toContain('a_seconds_count{method="GET",route="/a"} 2');
  });
});
