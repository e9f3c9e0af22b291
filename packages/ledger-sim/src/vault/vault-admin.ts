import { StrKey, type xdr } from "@stellar/stellar-sdk";
import { contractDataEntry, entryId } from "../entries/entry.ts";
import type { StateView } from "../entries/ledger-state.ts";
import type { Ledger } from "../ledger/ledger.ts";
import {
  instanceEntry,
  instanceKey,
  instanceValue,
  readInstanceValue,
  type VaultInstance,
} from "./vault-storage.ts";
import { I128_MAX, readAddress, readI128 } from "./vault-values.ts";

export interface NewVault {
  readonly contractId: string;
  /** The only account that may charge the vault. */
  readonly authorizedCaller: string;
  readonly balance: bigint;
  /** The most that one deduction may take; no bound by default. */
  readonly maxDeduct?: bigint;
  readonly isPaused?: boolean;
  /** False switches the contract's guard against a second use of a request id off. */
  readonly hasMarkers?: boolean;
}

/** Puts a vault into the current ledger, in place of one of the same id. Amounts in stroops. */
export function createVault(ledger: Ledger, vault: NewVault): void {
  const { sequence } = ledger.latest;
  const entry = instanceEntry(
    vault.contractId,
    {
      balance: vault.balance,
      authorizedCaller: vault.authorizedCaller,
      maxDeduct: vault.maxDeduct ?? I128_MAX,
      isPaused: vault.isPaused ?? false,
      hasMarkers: vault.hasMarkers ?? true,
    },
    sequence + ledger.settings.minPersistentTtlLedgers - 1,
    sequence,
  );
  const draft = ledger.draft();
  draft.put(entryId(entry.key), entry);
  ledger.change(draft);
}

/** Changes what a vault's instance holds, from the current ledger on. */
export function updateVault(
  ledger: Ledger,
  contractId: string,
  change: Partial<VaultInstance>,
): VaultInstance {
  const draft = ledger.draft();
  const key = instanceKey(contractId);
  const entry = draft.find(entryId(key));
  const vault = findVault(draft, contractId);
  if (entry?.kind !== "soroban" || !vault) throw new Error(`no vault ${contractId}`);
  const changed = { ...vault, ...change };
  draft.put(
    entryId(key),
    contractDataEntry(key, instanceValue(changed), entry.liveUntil, ledger.latest.sequence),
  );
  ledger.change(draft);
  return changed;
}

export function findVault(state: StateView, contractId: string): VaultInstance | undefined {
  const entry = state.find(entryId(instanceKey(contractId)));
  if (entry?.kind !== "soroban" || entry.data.type !== "contractData") return undefined;
  return readInstanceValue(entry.data.contractData.val);
}

/** Every vault by its contract id. */
export function listVaults(ledger: Ledger): Map<string, VaultInstance> {
  const vaults = new Map<string, VaultInstance>();
  for (const [contractId, key, value] of contractData(ledger)) {
    if (key.type !== "scvLedgerKeyContractInstance") continue;
    vaults.set(contractId, readInstanceValue(value));
  }
  return vaults;
}

/** What each developer received, from all vaults together, in stroops. */
export function developerBalances(ledger: Ledger): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const [, key, value] of contractData(ledger)) {
    const [name, developer] = key.type === "scvVec" ? (key.vec ?? []) : [];
    const isDeveloper = name?.type === "scvSymbol" && name.sym.toString() === "Developer";
    if (!isDeveloper || developer?.type !== "scvAddress" || value.type !== "scvI128") continue;
    const address = readAddress(developer);
    balances.set(address, (balances.get(address) ?? 0n) + readI128(value));
  }
  return balances;
}

function* contractData(ledger: Ledger): Generator<[string, xdr.ScVal, xdr.ScVal]> {
  for (const [, entry] of ledger.entries()) {
    if (entry.kind !== "soroban" || entry.data.type !== "contractData") continue;
    const { contract, key, val } = entry.data.contractData;
    if (contract.type !== "scAddressTypeContract") continue;
    yield [StrKey.encodeContract(contract.contractId.toBytes()), key, val];
  }
}
