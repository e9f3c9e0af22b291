import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { type LoadPlan, perSecond } from "../load/load-plan.ts";
import { sendLoad } from "../load/send-load.ts";
import { startAcceptingBilling } from "../world/accepting-billing.ts";
import { createPgbench, usageEventInsert } from "../world/pgbench.ts";
import { checkpoint, startBenchPostgres } from "../world/postgres.ts";

const CONNECTIONS = 64;
const USERS = 100;
/** Sent once before the rounds of `duplicates`, and asked for again in them. */
const KNOWN_REQUESTS = 50_000;
const QUICK_KNOWN_REQUESTS = 5_000;

export const accept: Bench = {
  name: "accept",
  about: "deductions accepted over HTTP at 64 connections, against pgbench's single-row inserts",
  run: (context) =>
    againstPgbench(context, "accepted", async (plan) => (round) => ({
      ...plan,
      idPrefix: `accept-${round}`,
    })),
};

export const duplicates: Bench = {
  name: "duplicates",
  about: "requests that were accepted before, answered again, against the same inserts",
  run: (context) =>
    againstPgbench(context, "answered", async (plan) => {
      const known = sized(context, KNOWN_REQUESTS, QUICK_KNOWN_REQUESTS);
      const repeated = { ...plan, idPrefix: "known", distinctIds: known };
      await sendLoad({ ...repeated, ends: { afterRequests: known } });
      return () => repeated;
    }),
};

/** The plan of each round. */
type Planner = (plan: LoadPlan) => Promise<(round: number) => LoadPlan>;

/** Both sides write to the same table, with the same indexes, of one durable Postgres. */
async function againstPgbench(
  context: BenchContext,
  figureId: "accepted" | "answered",
  planner: Planner,
): Promise<Outcome> {
  const seconds = sized(context, 10, 2);
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  context.cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("billing");
  const { billing, settlement } = await startAcceptingBilling(context, databaseUrl, USERS);
  const pgbench = await createPgbench(databaseUrl, folder, usageEventInsert(settlement));
  const planOf = await planner({
    url: billing.url,
    contextKeys: billing.contextKeys,
    connections: CONNECTIONS,
    ends: { afterMs: seconds * 1_000 },
    idPrefix: "",
    users: USERS,
  });
  let generator = "";
  const ours = async (round: number) => {
    const result = await sendLoad(planOf(round));
    generator = result.generator;
    return perSecond(result);
  };
  const [runs = [], rivalRuns = []] = await playRounds(
    context,
    [
      { name: `billing, ${figureId}/s`, play: ours },
      {
        name: "pgbench, rows/s",
        play: (round) => pgbench.play(`${figureId}-${round}`, seconds),
      },
    ],
    () => checkpoint(databaseUrl),
  );
  const rival = { name: "pgbench", runs: rivalRuns };
  return {
    figures: [{ id: figureId, label: `deductions ${figureId}`, unit: "/s", runs, rival }],
    facts: [],
    notes: { settlement, generator, connections: CONNECTIONS, seconds, pgbench: pgbench.version },
  };
}
