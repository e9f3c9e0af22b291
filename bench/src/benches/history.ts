import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { type LoadPlan, meanLatencyMs } from "../load/load-plan.ts";
import { sendLoad } from "../load/send-load.ts";
import { startAcceptingBilling } from "../world/accepting-billing.ts";
import { checkpoint, startBenchPostgres } from "../world/postgres.ts";
import { fillSettledUsage } from "../world/settled-usage.ts";

const CONNECTIONS = 8;
const USERS = 100;

export const history: Bench = {
  name: "history",
  about: "latency of accepting with 10 million settled events in the table, against an empty one",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const rows = sized(context, 10_000_000, 100_000);
  const seconds = sized(context, 10, 2);
  const postgres = await startBenchPostgres(context);
  const fullUrl = await postgres.createDatabase("with_history");
  const emptyUrl = await postgres.createDatabase("without_history");
  await fillSettledUsage(context, fullUrl, { rows, users: USERS });
  const full = await startAcceptingBilling(context, fullUrl, USERS);
  const empty = await startAcceptingBilling(context, emptyUrl, USERS);
  let generator = "";
  const latency = async ({ billing }: typeof full, idPrefix: string) => {
    const plan: LoadPlan = {
      url: billing.url,
      contextKeys: billing.contextKeys,
      connections: CONNECTIONS,
      ends: { afterMs: seconds * 1_000 },
      idPrefix,
      users: USERS,
    };
    const result = await sendLoad(plan);
    generator = result.generator;
    return meanLatencyMs(plan, result);
  };
  const [runs = [], rivalRuns = []] = await playRounds(
    context,
    [
      { name: "with history, ms", play: (round) => latency(full, `full-${round}`) },
      { name: "without, ms", play: (round) => latency(empty, `empty-${round}`) },
    ],
    () => checkpoint(fullUrl),
  );
  const rival = { name: "empty table", runs: rivalRuns };
  return {
    figures: [{ id: "latency", label: "mean latency of accepting", unit: "ms", runs, rival }],
    facts: [],
    notes: { rows, settlement: full.settlement, generator, connections: CONNECTIONS, seconds },
  };
}
