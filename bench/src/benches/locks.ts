import { type Database, openDatabase, withTenant } from "@orrery/common/repositories/database";
import { databaseNow } from "@orrery/common/repositories/database-clock";
import { readLocked } from "@orrery/common/repositories/stream/locked-stream.kysely";
import { type Stream, told } from "@orrery/common/repositories/stream/stream";
import type { StreamRepository } from "@orrery/common/repositories/stream/stream-repository";
import { KyselyStreamRepository } from "@orrery/common/repositories/stream/stream-repository.kysely";
import { writeChanges } from "@orrery/common/repositories/stream/write-streams.kysely";
import { type Bench, type BenchContext, type Fact, type Outcome, sized } from "../harness/bench.ts";
import { formatNumber } from "../harness/rounds.ts";
import { quantile } from "../statistics/statistics.ts";
import { TENANT_ID } from "../world/billing-call.ts";
import { checkpoint, startBenchPostgres } from "../world/postgres.ts";

const STREAM_ID = "stream-1";
const WAITERS = 1_000;
/** Whoever waits is served, however slow the machine is. */
const MAX_QUEUE_MS = 600_000;

export const locks: Bench = {
  name: "locks",
  about: "a change of a stream under its lock, against the same change without; 1,000 waiters",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const changes = sized(context, 2_000, 200);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("locks");
  const database = openDatabase({ url: databaseUrl, poolSize: 10, applicationName: "bench" });
  context.cleanup.defer(() => database.close());
  const streams = new KyselyStreamRepository({ database: database.kysely });
  await streams.create(TENANT_ID, {
    id: STREAM_ID,
    senderUserId: "user-1",
    recipient: "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H",
    token: "USDC",
    ratePerSecondStroops: 1n,
    totalStroops: 1n,
  });
  const overheadsMs: number[] = [];
  const locked: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= context.rounds; round += 1) {
    await checkpoint(databaseUrl);
    const played = await playRound(database, streams, changes);
    context.say(`round ${round}    over the work itself ${formatNumber(played.overheadMs)} ms`);
    if (round === 0) continue;
    overheadsMs.push(played.overheadMs);
    locked.push(played.lockedMs);
    bare.push(played.bareMs);
  }
  const rates: number[] = [];
  const facts: Fact[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    const { perSecond, fact } = await queueUp(databaseUrl, round);
    context.say(`round ${round}    ${formatNumber(perSecond)} waiters a second`);
    rates.push(perSecond);
    facts.push(fact);
  }
  const rival = { name: "without a lock", runs: bare };
  return {
    figures: [
      { id: "overhead", label: "lock, over the work itself", unit: "ms", runs: overheadsMs },
      { id: "change", label: "a change under the lock", unit: "ms", runs: locked, rival },
      { id: "waiters", label: "waiters of one stream served", unit: "/s", runs: rates },
    ],
    facts,
    notes: { changes, waiters: WAITERS },
  };
}

/** Medians of both ways to make the same change, one after the other, and of how much they differ. */
async function playRound(database: Database, streams: StreamRepository, changes: number) {
  const lockedMs: number[] = [];
  const bareMs: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    lockedMs.push(await timed(() => changeUnderLock(streams)));
    bareMs.push(await timed(() => changeWithoutLock(database)));
  }
  const differencesMs = lockedMs.map((ms, index) => ms - (bareMs[index] ?? Number.NaN));
  return {
    lockedMs: quantile(lockedMs, 0.5),
    bareMs: quantile(bareMs, 0.5),
    overheadMs: quantile(differencesMs, 0.5),
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const beganAt = performance.now();
  await work();
  return performance.now() - beganAt;
}

/** As every transition of a stream: the row, and what is told of it. */
function changeOf(stream: Stream | undefined, now: Date) {
  if (stream === undefined) throw new Error("the bench's stream is gone");
  return told({ ...stream, updatedAt: now }, "stream.paused", now);
}

async function changeUnderLock(streams: StreamRepository): Promise<void> {
  await streams.withLock(TENANT_ID, STREAM_ID, (locked) =>
    locked.save(changeOf(locked.stream, locked.now)),
  );
}

async function changeWithoutLock({ kysely }: Database): Promise<void> {
  await withTenant(kysely, TENANT_ID, async (transaction) => {
    const now = databaseNow(undefined);
    const found = await readLocked(transaction, TENANT_ID, STREAM_ID, now);
    const change = changeOf(found.stream, found.now);
    await writeChanges(transaction, [{ tenantId: TENANT_ID, ...change }]);
  });
}

/** All at once for one stream, on a pool of their own. */
async function queueUp(url: string, round: number): Promise<{ perSecond: number; fact: Fact }> {
  const database = openDatabase({ url, poolSize: 10, applicationName: "bench-waiters" });
  try {
    const streams = new KyselyStreamRepository({
      database: database.kysely,
      maxQueueMs: MAX_QUEUE_MS,
    });
    const served: number[] = [];
    const beganAt = performance.now();
    await Promise.all(
      Array.from({ length: WAITERS }, (_, number) =>
        streams.withLock(TENANT_ID, STREAM_ID, (locked) => {
          served.push(number);
          locked.save(changeOf(locked.stream, locked.now));
        }),
      ),
    );
    const seconds = (performance.now() - beganAt) / 1_000;
    const isInOrder = served.every((number, place) => number === place);
    const connections = database.pool.totalCount;
    return {
      perSecond: WAITERS / seconds,
      fact: {
        what: `round ${round}: ${WAITERS} waiters are served in order by one connection`,
        isHeld: isInOrder && served.length === WAITERS && connections === 1,
        detail: `${served.length} served, ${isInOrder ? "in order" : "out of order"}, ${connections} connections`,
      },
    };
  } finally {
    await database.close();
  }
}
