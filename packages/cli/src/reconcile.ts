import { ADVICE } from "@orrery/common/reconciliation/advice";
import { clipToRetention, reconcileLedgers } from "@orrery/common/reconciliation/reconcile-ledgers";
import type { LedgerRange } from "@orrery/common/reconciliation/reconcile-vault";
import type { Difference } from "@orrery/common/repositories/reconciliation/difference";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import { readRetention } from "@orrery/soroban/vault/charge-events";
import { DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import { createVaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";
import {
  type Arguments,
  type Command,
  EXIT,
  type Output,
  readNumber,
  requireOption,
  UsageError,
} from "./command.ts";
import { withStores } from "./compose.ts";
import { readRequiredChain } from "./config.ts";

/** Progress is told after so many vaults. */
const PROGRESS_VAULTS = 100;
/** The most differences that `--json` lists; all are counted. */
const MOST_LISTED = 10_000;

/**
 * Compares rows and chain over a range of ledgers: exit code 0 when all of it was compared and agrees,
 * 1 when anything differs or is out of the network's memory.
 */
export const reconcile: Command = {
  name: "reconcile",
  parameters: "--from-ledger N --to-ledger M",
  summary: "Compare the rows with the chain's own deduct events, both ledgers included.",
  options: { "from-ledger": { type: "string" }, "to-ledger": { type: "string" } },
  async run(output, env, given) {
    const wanted = readRange(given);
    const rpc = createHttpSorobanRpc(readRequiredChain(env));
    const interfaces = createVaultInterfaces(rpc, DEFAULT_VAULT_INTERFACE);
    const { covered, ...missing } = clipToRetention(wanted, await readRetention(rpc));
    reportMissing(output, missing);
    const differences: Difference[] = [];
    const found = await withStores(env, ({ records }) =>
      covered === undefined
        ? Promise.resolve(undefined)
        : reconcileLedgers({ rpc, records, interfaces }, covered, {
            onDifference: (difference) => {
              reportDifference(output, difference);
              if (differences.length < MOST_LISTED) differences.push(difference);
            },
            onProgress: (vaults) => {
              if (vaults % PROGRESS_VAULTS === 0) output.progress(`${vaults} vaults compared`);
            },
          }),
    );
    if (found !== undefined) {
      const { vaults, rows, events, confirmedWithoutTransaction } = found;
      output.line(`${vaults} vaults, ${rows} rows, ${events} events`);
      output.line(`${confirmedWithoutTransaction} confirmed without a transaction of their own`);
      output.line(found.differences === 0 ? "no differences" : `${found.differences} differences`);
    }
    output.json({ covered, ...missing, ...found, list: differences.map(withAdvice) });
    const isProven = missing.lost === undefined && missing.future === undefined;
    return isProven && found?.differences === 0 ? EXIT.ok : EXIT.failed;
  },
};

function readRange(given: Arguments): LedgerRange {
  const fromLedger = readNumber("--from-ledger", requireOption(given, "from-ledger"));
  const toLedger = readNumber("--to-ledger", requireOption(given, "to-ledger"));
  if (given.operands.length > 0) throw new UsageError(`unexpected “${given.operands[0]}”`);
  if (fromLedger > toLedger) throw new UsageError("--from-ledger is after --to-ledger");
  return { fromLedger, toLedger };
}

function reportMissing(
  output: Output,
  { lost, future }: { lost?: LedgerRange; future?: LedgerRange },
) {
  if (lost !== undefined) {
    const ledgers = `ledgers ${lost.fromLedger} to ${lost.toLedger}`;
    output.line(`NOT COMPARED: ${ledgers} are out of the network's memory`);
  }
  if (future !== undefined) {
    const ledgers = `ledgers ${future.fromLedger} to ${future.toLedger}`;
    output.line(`NOT COMPARED: ${ledgers} have not closed yet`);
  }
}

const withAdvice = (difference: Difference) => ({ ...difference, advice: ADVICE[difference.kind] });

function reportDifference(output: Output, difference: Difference): void {
  const { kind, ledger, vaultContractId, txHash, tenantId, subjectId, marker, detail } = difference;
  const whose = tenantId === undefined ? "" : ` · ${tenantId} ${subjectId}`;
  output.line(`${kind} in ledger ${ledger}${whose}`);
  output.line(`    ${detail}`);
  output.line(`    vault ${vaultContractId} · marker ${marker ?? "none"}`);
  if (txHash !== undefined) output.line(`    transaction ${txHash}`);
  output.line(`    → ${ADVICE[kind]}`);
}
