import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { formatNumber } from "../harness/rounds.ts";
import { quantile } from "../statistics/statistics.ts";
import { putApi, putVaults } from "../world/billing-call.ts";
import { type BenchLedger, startBenchLedger } from "../world/ledger.ts";
import { startBenchPostgres } from "../world/postgres.ts";
import { startWatchedBilling, type WatchedBilling } from "../world/watched-billing.ts";

const USERS = 20;
const FUNDS_STROOPS = 10_000_000_000n;
/** Long enough that polls of one ledger do not run into the next. */
const LEDGER_CLOSE_MS = 500;

export const latency: Bench = {
  name: "latency",
  about: "from a deduction's arrival to its transaction's send on an idle system; polls per ledger",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const samples = sized(context, 100, 10);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("billing");
  const ledger = await startBenchLedger(context, LEDGER_CLOSE_MS);
  await ledger.fund(USERS, FUNDS_STROOPS);
  const billing = await startWatchedBilling(context, databaseUrl, ledger);
  await putApi(billing, "per_request");
  await putVaults(billing, USERS);
  const medians: number[] = [];
  const p99s: number[] = [];
  const polls: number[] = [];
  const meanPolls: number[] = [];
  for (let round = 0; round <= context.rounds; round += 1) {
    const delays = await playIdle(billing, round, samples);
    const counts = await playPolling(billing, ledger, round);
    const p99Ms = quantile(delays, 0.99);
    const most = Math.max(...counts);
    const place = round === 0 ? "warm-up" : `round ${round}/${context.rounds}`;
    context.say(`${place.padEnd(10)} p99 ${formatNumber(p99Ms)} ms, ${most} polls at most`);
    if (round === 0) continue;
    medians.push(quantile(delays, 0.5));
    p99s.push(p99Ms);
    polls.push(most);
    meanPolls.push(counts.reduce((sum, count) => sum + count, 0) / counts.length);
  }
  return {
    figures: [
      { id: "send-p50", label: "accept to send, p50", unit: "ms", runs: medians },
      { id: "send-p99", label: "accept to send, p99", unit: "ms", runs: p99s },
      { id: "polls", label: "polls per transaction and ledger, most", unit: "", runs: polls },
      { id: "polls-mean", label: "the same, on average", unit: "", runs: meanPolls },
    ],
    facts: [],
    notes: { samples, ledgerMs: LEDGER_CLOSE_MS },
  };
}

/** One deduction at a time, the next when the chain has answered: milliseconds from POST to send. */
async function playIdle(billing: WatchedBilling, round: number, samples: number) {
  const delays: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const requestId = `idle-${round}-${sample}`;
    const send = billing.rpc.nextSend();
    const startMs = performance.now();
    await billing.deduct(requestId, sample % USERS);
    delays.push((await send) - startMs);
    await billing.waitUntilSettled(requestId);
  }
  return delays;
}

/** Several transactions under way, half of which the network loses, so that they are polled for long. */
async function playPolling(billing: WatchedBilling, ledger: BenchLedger, round: number) {
  billing.rpc.takePollCounts();
  await ledger.call("sim_setFaults", { dropTransactions: USERS / 2 });
  const requestIds = Array.from({ length: USERS }, (_, user) => `polled-${round}-${user}`);
  await Promise.all(requestIds.map((requestId, user) => billing.deduct(requestId, user)));
  for (const requestId of requestIds) await billing.waitUntilSettled(requestId);
  return billing.rpc.takePollCounts();
}
