import { callCatalog } from "./catalog-call.ts";
import type { SteadyBurnsPlan, SteadyBurnsReport } from "./steady-burns-plan.ts";

// A process of its own: burns as its one argument says, until its parent sends anything; then it
// reports and ends.

/** How often it looks what is due. */
const TICK_MS = 4;
/** With more on their way the rate is not kept, which the report shows. */
const MOST_ON_THEIR_WAY = 200;
/** Spreads burns over tokens and burners without a pattern that an index would like. */
const STRIDE = 7_919;

const plan = JSON.parse(process.argv[2] ?? "") as SteadyBurnsPlan;
const onTheirWay = new Set<Promise<void>>();
const counts = { sent: 0, answered: 0, failures: 0 };
const startMs = performance.now();

async function burn(n: number): Promise<void> {
  const user = `burner-${(n * STRIDE) % plan.burners}`;
  const path = `/api/v1/tokens/token-${(n * STRIDE + n) % plan.tokens}/burns`;
  const body = { txHash: `${plan.idPrefix}-${n}`, from: user, amount: "1", burnedBy: user };
  const { status } = await callCatalog(plan, "POST", path, body);
  if (status === 201) counts.answered += 1;
  else counts.failures += 1;
}

const timer = setInterval(() => {
  const due = ((performance.now() - startMs) / 1_000) * plan.perSecond;
  while (counts.sent < due && onTheirWay.size < MOST_ON_THEIR_WAY) {
    const sent = burn(counts.sent)
      .catch(() => {
        counts.failures += 1;
      })
      .finally(() => onTheirWay.delete(sent));
    onTheirWay.add(sent);
    counts.sent += 1;
  }
}, TICK_MS);

process.once("message", () => {
  clearInterval(timer);
  const elapsedMs = performance.now() - startMs;
  void Promise.all(onTheirWay).then(() => {
    const { answered, failures } = counts;
    const report: SteadyBurnsReport = { answered, failures, elapsedMs };
    process.send?.(report, () => process.disconnect());
  });
});
