import { assertAllConfirmed, startEngineProcess } from "../engine-runs/engine-process.ts";
import { ledgerFill } from "../engine-runs/ledger-fill.ts";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { type BenchLedger, startBenchLedger } from "../world/ledger.ts";
import { startBenchPostgres } from "../world/postgres.ts";

const LEDGER_CLOSE_MS = 5_000;
const CHANNELS = 50;
const CHARGES_PER_VAULT = 50;
/** 16 batches of 50 fit into a ledger of mainnet. */
const BATCHES_PER_LEDGER = 16;
const FUNDS_STROOPS = 10_000_000_000n;

export const engineLimits: Bench = {
  name: "engine-limits",
  about:
    "how full the engine makes 5 s ledgers with mainnet's caps, and the processor that it needs",
  run,
};

/** The ledgers of one run are its rounds: they are 5 s apart, whatever the engine does. */
async function run(context: BenchContext): Promise<Outcome> {
  const ledgers = sized(context, 12, 3);
  const vaults = BATCHES_PER_LEDGER * (ledgers + 1);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("journal");
  const ledger = await startBenchLedger(context, LEDGER_CLOSE_MS);
  await ledger.fund(vaults, FUNDS_STROOPS);
  const engine = await startEngineProcess(context, {
    name: "postgres",
    ledgerUrl: ledger.url,
    ledgerCloseMs: LEDGER_CLOSE_MS,
    channels: CHANNELS,
    databaseUrl,
  });
  const cpuShares: number[] = [];
  const fills: number[] = [];
  for (const label of ["warm-up", "measured"]) {
    const isMeasured = label === "measured";
    const order = {
      label,
      vaults: isMeasured ? vaults : BATCHES_PER_LEDGER,
      chargesPerVault: CHARGES_PER_VAULT,
    };
    context.say(`${label.padEnd(10)} ${order.vaults * CHARGES_PER_VAULT} deductions`);
    const report = await engine.carryOut(order);
    assertAllConfirmed(report, order);
    if (!isMeasured) continue;
    cpuShares.push(report.cpuMs / report.elapsedMs);
    fills.push(...(await fillsOf(ledger, report.ledgers)));
    context.say(`the ledgers were ${fills.map((fill) => fill.toFixed(3)).join(", ")} full`);
  }
  return {
    figures: [
      { id: "fill", label: "share of a ledger's cap", unit: "", runs: fills },
      { id: "cpu", label: "engine's share of a core", unit: "", runs: cpuShares },
    ],
    facts: [],
    notes: { ledgerMs: LEDGER_CLOSE_MS, channels: CHANNELS, ledgers: fills.length },
  };
}

/** Of every ledger but the last, for which the backlog may not have been enough. */
async function fillsOf(
  ledger: BenchLedger,
  ledgers: Readonly<Record<number, readonly string[]>>,
): Promise<number[]> {
  const inOrder = Object.entries(ledgers).toSorted(([a], [b]) => Number(a) - Number(b));
  const fills: number[] = [];
  for (const [, hashes] of inOrder.slice(0, -1)) fills.push(await ledgerFill(ledger, hashes));
  return fills;
}
