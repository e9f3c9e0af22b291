import { CONTEXT_HEADER } from "@orrery/common/http/signed-context";
import autocannon from "autocannon";
import { contextHeader } from "../world/billing-call.ts";
import { bodyOf, calledBy, keyOf, type LoadPlan, type LoadResult, pathOf } from "./load-plan.ts";

// A process of its own: sends the plan of its one argument and writes a LoadResult.

/** The signed context is valid for 30 s. */
const CONTEXT_REFRESH_MS = 10_000;
/** With a number of requests to send, the time is only a bound. */
const LONGEST_S = 3_600;

const plan = JSON.parse(process.argv[2] ?? "") as LoadPlan;
const { ends, connections, ratePerSecond } = plan;
const { path, audience } = calledBy(plan);
let context = contextHeader(plan.contextKeys, audience);
const refresh = setInterval(() => {
  context = contextHeader(plan.contextKeys, audience);
}, CONTEXT_REFRESH_MS);
let n = 0;

const startMs = performance.now();
const result = await autocannon({
  url: `${plan.url}${path}`,
  connections,
  ...("afterMs" in ends
    ? { duration: ends.afterMs / 1_000 }
    : { amount: ends.afterRequests, duration: LONGEST_S }),
  ...(ratePerSecond !== undefined && { overallRate: ratePerSecond }),
  requests: [
    {
      method: "POST",
      setupRequest: (request) => {
        const body = bodyOf(plan, n);
        const key = keyOf(plan, n);
        const to = pathOf(plan, n);
        n += 1;
        const headers = {
          "content-type": "application/json",
          prefer: "respond-async",
          [CONTEXT_HEADER]: context,
          ...(plan.hasKeys === true && { "idempotency-key": key }),
        };
        return { ...request, path: to, headers, body };
      },
    },
  ],
});
clearInterval(refresh);
const loadResult: LoadResult = {
  generator: "autocannon",
  answered: result["2xx"],
  failures: result.non2xx + result.errors + result.timeouts,
  elapsedMs: performance.now() - startMs,
};
process.stdout.write(`${JSON.stringify(loadResult)}\n`);
