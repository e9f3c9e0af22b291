import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type ExportRun, exportUsage } from "../export-runs/export-call.ts";
import { findPsql } from "../export-runs/psql.ts";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { type BenchBilling, startBenchBilling } from "../world/billing.ts";
import { TENANT_ID } from "../world/billing-call.ts";
import { MemorySamples } from "../world/memory-samples.ts";
import { checkpoint, startBenchPostgres } from "../world/postgres.ts";
import { fillSettledUsage } from "../world/settled-usage.ts";

const USERS = 100;
const SAMPLE_MS = 10;

export const exports: Bench = {
  name: "exports",
  about: "1 million usage rows exported and downloaded over HTTP, against COPY by psql; memory",
  run,
};

/** The columns of the export as they are, without what makes them an export's. */
const PSQL_COPY = `copy (
  select id, request_id, user_id, api_id, endpoint_id, api_key_id, amount_usdc, status, settlement_id,
    stellar_tx_hash, ledger, failure_reason, contract_error, created_at, settled_at
  from usage_events where tenant_id = '${TENANT_ID}'
) to stdout (format csv, header)`;

async function run(context: BenchContext): Promise<Outcome> {
  const rows = sized(context, 1_000_000, 50_000);
  const moreRows = sized(context, 10_000_000, 200_000);
  const postgres = await startBenchPostgres(context);
  const url = await postgres.createDatabase("exports");
  const psql = await findPsql(url);
  await fillSettledUsage(context, url, { rows, users: USERS });
  const memory = await measureMemory(context, url);
  const billing = await start(context, url);
  const perSecond = async (format: "csv" | "ndjson") => {
    const run = await exportUsage(billing, format);
    if (run.rows !== rows) throw new Error(`${run.rows} of ${rows} rows were exported`);
    return (rows / run.milliseconds) * 1_000;
  };
  const [csv = [], ndjson = [], copied = []] = await playRounds(
    context,
    [
      { name: "export CSV, rows/s", play: () => perSecond("csv") },
      { name: "export NDJSON, rows/s", play: () => perSecond("ndjson") },
      { name: "psql, rows/s", play: async () => (rows / (await psql.copy(PSQL_COPY))) * 1_000 },
    ],
    () => checkpoint(url),
  );
  await billing.child.stop("SIGTERM", 10_000);
  await fillSettledUsage(context, url, { rows: moreRows, after: rows, users: USERS });
  const memoryOfMore = await measureMemory(context, url);
  const rival = { name: "COPY TO STDOUT by psql", runs: copied };
  const unit = "rows/s";
  return {
    figures: [
      { id: "csv", label: "CSV, from POST to last byte", unit, runs: csv, rival },
      { id: "ndjson", label: "NDJSON, from POST to last byte", unit, runs: ndjson, rival },
      { id: "memory", label: "peak RSS growth", unit: "MiB", runs: [memory.growthMib] },
      {
        id: "memory-of-more",
        label: "peak RSS growth with ten times the rows",
        unit: "MiB",
        runs: [memoryOfMore.growthMib],
      },
    ],
    facts: [
      {
        what: "every row was exported",
        isHeld: memory.run.rows === rows && memoryOfMore.run.rows === moreRows,
        detail: `${memory.run.rows} and ${memoryOfMore.run.rows} rows`,
      },
    ],
    notes: {
      rows,
      moreRows,
      psql: psql.version,
      fileBytes: memory.run.bytes,
      moreFileBytes: memoryOfMore.run.bytes,
      moreSeconds: Math.round(memoryOfMore.run.milliseconds / 1_000),
    },
  };
}

/** Billing with a folder of its own for the files, gone with the bench. */
async function start(context: BenchContext, databaseUrl: string): Promise<BenchBilling> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-exports-"));
  context.cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  return startBenchBilling(context, databaseUrl, undefined, { OBJECT_STORE_DIR: folder });
}

/** The most that a new process has more than before its first export, while it writes and sends one. */
async function measureMemory(
  context: BenchContext,
  databaseUrl: string,
): Promise<{ readonly growthMib: number; readonly run: ExportRun }> {
  const billing = await start(context, databaseUrl);
  const { pid } = billing.child;
  const before = new MemorySamples(pid, SAMPLE_MS);
  await setTimeout(SAMPLE_MS * 50);
  const idleMib = Math.max(...before.stop());
  const samples = new MemorySamples(pid, SAMPLE_MS);
  const run = await exportUsage(billing, "csv");
  const growthMib = Math.max(...samples.stop()) - idleMib;
  context.say(`${run.rows} rows: ${idleMib.toFixed(0)} MiB and ${growthMib.toFixed(1)} more`);
  await billing.child.stop("SIGTERM", 10_000);
  return { growthMib, run };
}
