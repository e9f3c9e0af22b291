import { setTimeout as delay } from "node:timers/promises";
import { makeCatalogNumbers } from "@orrery/common/testing/stale-reads/catalog-numbers";
import { watchReads } from "@orrery/common/testing/stale-reads/watch-reads";
import { startBenchCatalog } from "../../catalog-runs/catalog.ts";
import { callCatalog } from "../../catalog-runs/catalog-call.ts";
import { startBenchRedis } from "../../catalog-runs/redis.ts";
import { type Bench, type BenchContext, type Outcome, sized } from "../../harness/bench.ts";
import { serviceUrl, startBenchPostgres } from "../../world/postgres.ts";

const INSTANCES = ["first", "second"];
const BOUND_MS = 1_000;
/** Of the run: when Redis goes, and for how long. */
const OUTAGES = [
  { from: 0.25, until: 0.33 },
  { from: 0.6, until: 0.68 },
];
const MOST_SHOWN = 5;

export const staleness: Bench = {
  name: "staleness",
  about: "stale reads of two instances under writes for a minute while Redis is restarted twice",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const runMs = sized(context, 60, 8) * 1_000;
  const postgres = await startBenchPostgres(context);
  const databaseUrl = serviceUrl(await postgres.createDatabase("staleness"), "catalog");
  const redis = await startBenchRedis(context);
  const changes = { REDIS_URL: redis.url, NODE_ENV: "production" };
  const catalogs = await Promise.all(
    INSTANCES.map(() => startBenchCatalog(context, databaseUrl, changes)),
  );
  const numbers = await makeCatalogNumbers((instance, method, path, body) => {
    const catalog = catalogs[instance];
    if (catalog === undefined) throw new Error(`there is no instance ${instance}`);
    return callCatalog(catalog, method, path, body);
  });
  const watching = watchReads({
    numbers,
    instances: INSTANCES,
    boundMs: BOUND_MS,
    signal: AbortSignal.timeout(runMs),
  });
  const [report] = await Promise.all([watching, breakRedis(context, redis, runMs)]);
  const { writes, reads, readsByCache, staleReads, faults } = report;
  const hits = readsByCache["hit"] ?? 0;
  return {
    figures: [
      { id: "stale-reads", label: "reads that were stale", unit: "", runs: [staleReads] },
      { id: "reads", label: "reads checked", unit: "", runs: [reads] },
    ],
    facts: [
      {
        what: `no read was stale: own instance at once, the other within ${BOUND_MS} ms`,
        isHeld: staleReads === 0 && reads > 0,
        detail: staleReads === 0 ? `${reads} reads` : faults.slice(0, MOST_SHOWN).join("; "),
      },
      {
        what: "the caches answered meanwhile",
        isHeld: hits > reads / 10,
        detail: `${hits} of ${reads}`,
      },
    ],
    notes: { seconds: runMs / 1_000, writes, outages: OUTAGES.length, ...readsByCache },
  };
}

async function breakRedis(
  { say }: BenchContext,
  redis: { stop(): Promise<void>; start(): Promise<void> },
  runMs: number,
): Promise<void> {
  const beganAtMs = performance.now();
  const until = (share: number) =>
    delay(Math.max(0, share * runMs - (performance.now() - beganAtMs)));
  for (const outage of OUTAGES) {
    await until(outage.from);
    await redis.stop();
    say("redis is gone");
    await until(outage.until);
    await redis.start();
    say("redis is back, empty");
  }
}
