import { fileURLToPath } from "node:url";
import { findFreePort } from "@orrery/devstack/process/free-port";
import type { BenchContext } from "../harness/bench.ts";
import { NETWORK_PASSPHRASE, SUBMITTER, vaultContractId } from "./accounts.ts";
import { startNodeChild } from "./node-child.ts";

const CALL_TIMEOUT_MS = 30_000;
const FUNDING_AT_ONCE = 16;

/** The network simulator with mainnet's limits, in a process of its own. */
export interface BenchLedger {
  readonly url: string;
  readonly closeMs: number;
  /** Calls a method of the network or of the simulator. @throws {Error} what it answers */
  call<Answer>(method: string, params?: object): Promise<Answer>;
  /** Gives each of the first `users` vaults so much. */
  fund(users: number, stroops: bigint): Promise<void>;
}

export async function startBenchLedger(
  context: BenchContext,
  closeMs: number,
): Promise<BenchLedger> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const call = <Answer>(method: string, params?: object) => callLedger<Answer>(url, method, params);
  await startNodeChild(context, {
    name: "ledger",
    entry: fileURLToPath(import.meta.resolve("@orrery/ledger-sim/main")),
    env: {
      LEDGER_PORT: String(port),
      LEDGER_CLOSE_MS: String(closeMs),
      NETWORK_PASSPHRASE,
      GENESIS_ACCOUNTS: SUBMITTER,
      VAULT_AUTHORIZED_CALLER: SUBMITTER,
    },
    isReady: async () => (await call<{ status: string }>("getHealth")).status === "healthy",
  });
  context.say(`the simulator closes a ledger every ${closeMs} ms`);
  return {
    url,
    closeMs,
    call,
    fund: async (users, stroops) => {
      for (let first = 0; first < users; first += FUNDING_AT_ONCE) {
        const count = Math.min(FUNDING_AT_ONCE, users - first);
        const ids = Array.from({ length: count }, (_, index) => vaultContractId(first + index));
        await Promise.all(
          ids.map((contractId) => call("sim_fund", { contractId, amount: String(stroops) })),
        );
      }
    },
  };
}

async function callLedger<Answer>(url: string, method: string, params?: object): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, ...(params && { params }) }),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const { result, error } = (await response.json()) as { result: Answer; error?: unknown };
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}
