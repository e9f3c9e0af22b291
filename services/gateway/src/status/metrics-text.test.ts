import { describe, expect, it } from "vitest";
import { MetricsText } from "./metrics-text.ts";

const TEXT = `# HELP cache_requests_total Reads of a cache.
# TYPE cache_requests_total counter
cache_requests_total{cache="board",result="hit"} 7
cache_requests_total{cache="stats",result="hit"} 2
cache_requests_total{result="miss",cache="a, \\"b\\" } c"} 1
db_pool_saturation 0.25
broken{ 3
lag_seconds NaN
`;

describe("MetricsText", () => {
  const metrics = new MetricsText(TEXT);

  it("finds a value, and says when there is none", () => {
    expect(metrics.value("db_pool_saturation")).toBe(0.25);
    expect(metrics.value("lag_seconds")).toBeUndefined();
    expect(metrics.value("broken")).toBeUndefined();
  });

  it("sums by a label, wherever it stands", () => {
    expect(metrics.by("cache_requests_total", "result")).toEqual({ hit: 9, miss: 1 });
    expect(metrics.by("cache_requests_total", "cache")).toMatchObject({ board: 7, stats: 2 });
    expect(metrics.by("nothing", "result")).toBeUndefined();
  });
});
