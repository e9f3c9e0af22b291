import { readFaultChange } from "../faults/fault-params.ts";
import { invalidParams } from "../json-rpc.ts";
import { allowOnly, optionalInteger, requiredAmount, requiredContractId } from "../params.ts";
import { createVault, findVault, listVaults, updateVault } from "../vault/vault-admin.ts";
import { I128_MAX } from "../vault/vault-values.ts";
import { readScVal, readScVals } from "./event-values.ts";
import type { Method, MethodContext } from "./method.ts";

const MOST_LEDGERS_AT_ONCE = 10_000;

/** Adds to a vault, or makes one that the platform's caller may charge. */
export const simFund: Method = (params, context) => {
  allowOnly(params, ["contractId", "amount"]);
  const contractId = requiredContractId(params, "contractId");
  const amount = requiredAmount(params, "amount", I128_MAX);
  const vault = findVault(context.ledger.draft(), contractId);
  if (!vault) return { contractId, balance: makeVault(contractId, amount, context) };
  const balance = vault.balance + amount;
  if (balance > I128_MAX) throw invalidParams("amount is more than the vault can hold");
  updateVault(context.ledger, contractId, { balance });
  return { contractId, balance: balance.toString() };
};

function makeVault(contractId: string, balance: bigint, context: MethodContext): string {
  const { ledger, vaultCaller } = context;
  if (vaultCaller === undefined) {
    throw invalidParams("contractId is unknown, and VAULT_AUTHORIZED_CALLER is not set");
  }
  createVault(ledger, { contractId, authorizedCaller: vaultCaller, balance });
  return balance.toString();
}

/** Sets faults and answers those in force. */
export function simSetFaults(networkMethods: readonly string[]): Method {
  return (params, { faults }) => {
    faults.change(readFaultChange(params, networkMethods));
    return faults.inForce();
  };
}

export const simClearFaults: Method = (params, { faults }) => {
  allowOnly(params, []);
  faults.clear();
  return faults.inForce();
};

/** Closes ledgers at once and answers the last. */
export const simCloseLedger: Method = (params, { ledger, driver }) => {
  allowOnly(params, ["count"]);
  driver.closeNow(optionalInteger(params, "count", { least: 1, most: MOST_LEDGERS_AT_ONCE }) ?? 1);
  const { sequence, closeTime } = ledger.latest;
  return { latestLedger: sequence, closeTime };
};

/** Puts a contract event into the next ledger. */
export const simEmitEvent: Method = (params, { ledger }) => {
  allowOnly(params, ["contractId", "topics", "data"]);
  const contractId = requiredContractId(params, "contractId");
  const topics = readScVals(params["topics"], "topics");
  if (topics.length < 1 || topics.length > 4) throw invalidParams("topics must be 1 to 4 values");
  const event = ledger.emitEvent(contractId, topics, readScVal(params["data"], "data"));
  const { id, ledger: sequence, txHash, topics: topic, value } = event;
  return { id, ledger: sequence, contractId, txHash, topic, value };
};

export const simState: Method = (params, { ledger, faults }) => {
  allowOnly(params, []);
  const vaults: Record<string, { balance: string; authorizedCaller: string }> = {};
  for (const [contractId, { balance, authorizedCaller }] of listVaults(ledger)) {
    vaults[contractId] = { balance: balance.toString(), authorizedCaller };
  }
  return {
    latestLedger: ledger.latest.sequence,
    closeTime: ledger.latest.closeTime,
    vaults,
    pending: ledger.pendingCount,
    faults: faults.inForce(),
  };
};
