import autocannon from "autocannon";
import type { GetPlan, GetResult } from "./get-plan.ts";

// A process of its own: plays the plan of its one argument and writes a GetResult.

const { url, headers, connections, seconds, ratePerSecond } = JSON.parse(
  process.argv[2] ?? "",
) as GetPlan;
const startMs = performance.now();
const result = await autocannon({
  url,
  headers,
  connections,
  duration: seconds,
  ...(ratePerSecond !== undefined && { overallRate: ratePerSecond }),
});
const answered = result["2xx"] + result["3xx"];
const getResult: GetResult = {
  generator: "autocannon",
  answered,
  failures: result["4xx"] + result["5xx"] + result.errors + result.timeouts,
  perSecond: (answered * 1_000) / (performance.now() - startMs),
  p99Ms: result.latency.p99,
};
process.stdout.write(`${JSON.stringify(getResult)}\n`);
