import {
  type Bench,
  type BenchContext,
  type Figure,
  type Outcome,
  sized,
} from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { type LoadPlan, perSecond } from "../load/load-plan.ts";
import { sendLoad } from "../load/send-load.ts";
import { openAnsweringApp, requestMicroseconds } from "../measuring/request-cost.ts";
import { openIdleClient, statementMicroseconds } from "../measuring/statement-cost.ts";
import { startBenchBilling } from "../world/billing.ts";
import { type BillingAddress, putApi, putVaults } from "../world/billing-call.ts";
import { checkpoint, startBenchPostgres } from "../world/postgres.ts";

const CONNECTIONS = 32;
const USERS = 100;
const KNOWN_REQUESTS = 20_000;
const QUICK_KNOWN_REQUESTS = 2_000;

const ON = { METRICS_ENABLED: "true" };
const OFF = { METRICS_ENABLED: "false" };
const LOUD = { LOG_LEVEL: "info" };
const SILENT = { LOG_LEVEL: "silent" };

export const observability: Bench = {
  name: "observability",
  about: "what metrics, query counting and logs cost a service, a request and a statement",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const service = await measureService(context);
  return {
    figures: [...service.figures, await measureHandler(context), await measureStatement(context)],
    facts: [],
    notes: service.notes,
  };
}

/** The same billing with each on and off, answering requests that it knows: the least work that it has. */
async function measureService(context: BenchContext): Promise<Pick<Outcome, "figures" | "notes">> {
  const seconds = sized(context, 8, 2);
  const known = sized(context, KNOWN_REQUESTS, QUICK_KNOWN_REQUESTS);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("billing");
  const start = (changes: Readonly<Record<string, string>>) =>
    startBenchBilling(context, databaseUrl, undefined, changes);
  const bare = await start({ ...OFF, ...SILENT });
  const measured = await start({ ...ON, ...SILENT });
  const logging = await start({ ...OFF, ...LOUD });
  const whole = await start({ ...ON, ...LOUD });
  await putApi(bare, "per_request");
  await putVaults(bare, USERS);
  const planOf = ({ url, contextKeys }: BillingAddress, ends: LoadPlan["ends"]): LoadPlan => {
    const load = { connections: CONNECTIONS, idPrefix: "known", distinctIds: known, users: USERS };
    return { url, contextKeys, ends, ...load };
  };
  let generator = "";
  await sendLoad(planOf(bare, { afterRequests: known }));
  const play = (billing: BillingAddress) => async () => {
    const result = await sendLoad(planOf(billing, { afterMs: seconds * 1_000 }));
    generator = result.generator;
    return perSecond(result);
  };
  const [wholeRuns = [], measuredRuns = [], loggingRuns = [], bareRuns = []] = await playRounds(
    context,
    [
      { name: "metrics and logs, /s", play: play(whole) },
      { name: "metrics alone, /s", play: play(measured) },
      { name: "logs alone, /s", play: play(logging) },
      { name: "neither, /s", play: play(bare) },
    ],
    () => checkpoint(databaseUrl),
  );
  const figure = (id: string, label: string, runs: readonly number[]): Figure => {
    return { id, label, unit: "/s", runs, rival: { name: "neither", runs: bareRuns } };
  };
  return {
    figures: [
      figure("service", "answers, metrics and logs on", wholeRuns),
      figure("metrics", "answers, metrics on", measuredRuns),
      figure("logs", "answers, logs on", loggingRuns),
    ],
    notes: { generator, connections: CONNECTIONS, seconds, known },
  };
}

/** What measuring adds to a request that only answers, and what the library's own handler adds. */
async function measureHandler(context: BenchContext): Promise<Figure> {
  const count = sized(context, 40_000, 4_000);
  const [bare, services, library] = await Promise.all([
    openAnsweringApp("nobody"),
    openAnsweringApp("services"),
    openAnsweringApp("library"),
  ]);
  const [bareRuns = [], servicesRuns = [], libraryRuns = []] = await playRounds(context, [
    { name: "request, µs", play: () => requestMicroseconds(bare, count) },
    { name: "request, measured, µs", play: () => requestMicroseconds(services, count) },
    { name: "request, by the library, µs", play: () => requestMicroseconds(library, count) },
  ]);
  for (const app of [bare, services, library]) await app.close();
  return {
    id: "request",
    label: "added to a request",
    unit: "µs",
    runs: differences(servicesRuns, bareRuns),
    rival: { name: "fastify-metrics' handler", runs: differences(libraryRuns, bareRuns) },
  };
}

async function measureStatement(context: BenchContext): Promise<Figure> {
  const count = sized(context, 400_000, 40_000);
  const [plain, observed] = [openIdleClient(false), openIdleClient(true)];
  const [plainRuns = [], observedRuns = []] = await playRounds(context, [
    { name: "statement, µs", play: () => statementMicroseconds(plain, count) },
    { name: "statement, observed, µs", play: () => statementMicroseconds(observed, count) },
  ]);
  return {
    id: "statement",
    label: "added to a statement",
    unit: "µs",
    runs: differences(observedRuns, plainRuns),
  };
}

function differences(runs: readonly number[], bare: readonly number[]): number[] {
  return runs.map((run, round) => run - (bare[round] ?? 0));
}
