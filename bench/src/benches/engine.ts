import {
  assertAllConfirmed,
  type EngineProcess,
  startEngineProcess,
} from "../engine-runs/engine-process.ts";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { startBenchLedger } from "../world/ledger.ts";
import { startBenchPostgres } from "../world/postgres.ts";

const LEDGER_CLOSE_MS = 100;
const CHANNELS = 50;
const FUNDS_STROOPS = 10_000_000_000n;

export const engine: Bench = {
  name: "engine",
  about: "confirmed deductions with a ledger every 100 ms, journal in Postgres against in memory",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const vaults = sized(context, 1_000, 100);
  const chargesPerVault = 50;
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("journal");
  const ledger = await startBenchLedger(context, LEDGER_CLOSE_MS);
  await ledger.fund(vaults, FUNDS_STROOPS);
  const shared = { ledgerUrl: ledger.url, ledgerCloseMs: LEDGER_CLOSE_MS, channels: CHANNELS };
  const durable = await startEngineProcess(context, { ...shared, name: "postgres", databaseUrl });
  const forgetful = await startEngineProcess(context, { ...shared, name: "memory" });
  const rateOf = (process: EngineProcess) => async (round: number) => {
    const order = { label: `round-${round}`, vaults, chargesPerVault };
    const report = await process.carryOut(order);
    assertAllConfirmed(report, order);
    return (vaults * chargesPerVault * 1_000) / report.elapsedMs;
  };
  const [runs = [], rivalRuns = []] = await playRounds(context, [
    { name: "journal in Postgres, /s", play: rateOf(durable) },
    { name: "journal in memory, /s", play: rateOf(forgetful) },
  ]);
  const rival = { name: "in memory", runs: rivalRuns };
  return {
    figures: [{ id: "confirmed", label: "deductions confirmed", unit: "/s", runs, rival }],
    facts: [],
    notes: { ledgerMs: LEDGER_CLOSE_MS, channels: CHANNELS, vaults, batch: chargesPerVault },
  };
}
