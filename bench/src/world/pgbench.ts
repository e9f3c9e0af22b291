import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "@orrery/devstack/process/run-command";
import { BenchUnavailable } from "../harness/bench.ts";
import type { Settlement } from "./billing-call.ts";

const DEBIAN_FOLDER = "/usr/lib/postgresql";
const CLIENTS = 32;
const THREADS = 2;

/** Debian's newest, or the one on the PATH. @throws {BenchUnavailable} when there is none */
async function findPgbench(): Promise<string> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const candidates = newestFirst.map((version) => `${DEBIAN_FOLDER}/${version}/bin/pgbench`);
  for (const file of [...candidates, "pgbench"]) {
    if ((await runCommand(file, ["--version"])).code === 0) return file;
  }
  throw new BenchUnavailable(
    "pgbench is not on this machine; install Debian's postgresql package or put pgbench on the PATH",
  );
}

/** pgbench's single-row inserts into a service's own table, each row in a transaction of its own. */
export interface Pgbench {
  readonly version: string;
  /** Inserts for so long; gives the rows per second. `label` keeps the ids of one call apart. */
  play(label: string, seconds: number): Promise<number>;
}

/** Plays the script at 32 clients, prepared, as the superuser: without row-level security. */
export async function createPgbench(
  databaseUrl: string,
  folder: string,
  insert: string,
): Promise<Pgbench> {
  const file = await findPgbench();
  const script = join(folder, "insert.sql");
  await writeFile(script, insert);
  const version = (await runCommand(file, ["--version"])).stdout.trim();
  return {
    version,
    play: async (label, seconds) => {
      const args = ["--no-vacuum", "--protocol=prepared", `--client=${CLIENTS}`];
      args.push(`--jobs=${THREADS}`, `--time=${seconds}`, `--file=${script}`);
      args.push("--define=n=0", `--define=label=${label}`, databaseUrl);
      const { code, stdout, stderr } = await runCommand(file, args);
      const tps = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
      if (code !== 0 || tps === undefined) throw new Error(`pgbench failed: ${stderr}`);
      return Number(tps);
    },
  };
}

/**
 * A usage event, ids in order within a client, values as wide as the service's. Aggregated events
 * belong to a settlement and stand in its index too.
 */
export function usageEventInsert(settlement: Settlement): string {
  const [columns, values] =
    settlement === "aggregated"
      ? [", settlement_id", ", 'reserved', '019abcde-0000-7000-8000-000000000000'"]
      : ["", ", 'pending'"];
  return `\\set n :n + 1
INSERT INTO usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
  api_key_id, amount_usdc, created_at, status${columns})
VALUES ('pgbench', 'round-' || :label || '-' || :client_id || '-' || :n, uuidv7(),
  decode('${"5a".repeat(32)}', 'hex'), 'user-' || (:n % 100), 'metered', 'endpoint-1', 'key-1',
  0.0001, now()${values})
ON CONFLICT (tenant_id, request_id) DO NOTHING;
`;
}

/** A burn, of the token `hot` every second time, else of one of `tokens` others in turn. */
export function burnInsert(tenantId: string, hot: string, tokens: number): string {
  return `\\set n :n + 1
INSERT INTO token_burns (tenant_id, token_address, tx_hash, event_index, id, from_address, amount,
  burned_by, is_admin_burn, verified, burned_at, created_at)
VALUES ('${tenantId}', case when :n % 2 = 0 then '${hot}' else 'token-' || (:n % ${tokens}) end,
  'pgbench-' || :label || '-' || :client_id || '-' || :n, 0, uuidv7(), 'user-1', 1,
  'user-' || (:n % 100), false, false, now(), now())
ON CONFLICT DO NOTHING;
`;
}
