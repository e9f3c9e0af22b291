import { xdr } from "@stellar/stellar-sdk";
import { contractDataEntry, contractDataKey, type SorobanEntry } from "../entries/entry.ts";
import { VAULT_WASM, VAULT_WASM_HASH } from "./vault-spec.ts";
import { addressValue, i128, readAddress, readI128 } from "./vault-values.ts";

/** What the contract keeps in its instance. Amounts are stroops; `hasMarkers` false switches
 * the guard against a second use of a request id off. */
export interface VaultInstance {
  readonly balance: bigint;
  readonly authorizedCaller: string;
  readonly maxDeduct: bigint;
  readonly isPaused: boolean;
  readonly hasMarkers: boolean;
}

const INSTANCE_KEY = xdr.ScVal.scvLedgerKeyContractInstance();

export const VAULT_CODE_KEY: xdr.LedgerKey = xdr.LedgerKey.contractCode(
  new xdr.LedgerKeyContractCode({ hash: VAULT_WASM_HASH }),
);

export function vaultCodeEntry(liveUntil: number, lastModified: number): SorobanEntry {
  const data = xdr.LedgerEntryData.contractCode(
    new xdr.ContractCodeEntry({
      ext: xdr.ContractCodeEntryExt.v0(),
      hash: VAULT_WASM_HASH,
      code: VAULT_WASM,
    }),
  );
  return { kind: "soroban", key: VAULT_CODE_KEY, data, liveUntil, lastModified };
}

/** Keys are made and encoded once: a call reads the same ones again and again. */
class KeyCache {
  readonly #keys = new Map<string, xdr.LedgerKey>();

  get(name: string, make: () => xdr.LedgerKey): xdr.LedgerKey {
    const known = this.#keys.get(name);
    if (known) return known;
    if (this.#keys.size >= KEY_CACHE_SIZE) this.#keys.clear();
    const key = make();
    this.#keys.set(name, key);
    return key;
  }
}

const KEY_CACHE_SIZE = 10_000;
const instanceKeys = new KeyCache();
const markerKeys = new KeyCache();
const developerKeys = new KeyCache();

export function instanceKey(contractId: string): xdr.LedgerKey {
  return instanceKeys.get(contractId, () => contractDataKey(contractId, INSTANCE_KEY));
}

/** The marker of a processed request: key `["Request", id]`, value the ledger it was charged in. */
export function markerKey(contractId: string, requestId: string): xdr.LedgerKey {
  return markerKeys.get(`${contractId}${requestId}`, () => {
    const key = xdr.ScVal.scvVec([xdr.ScVal.scvSymbol("Request"), xdr.ScVal.scvSymbol(requestId)]);
    return contractDataKey(contractId, key);
  });
}

/** What a developer has received from this vault: key `["Developer", address]`, value i128. */
export function developerKey(contractId: string, developer: string): xdr.LedgerKey {
  return developerKeys.get(`${contractId}${developer}`, () => {
    const key = xdr.ScVal.scvVec([xdr.ScVal.scvSymbol("Developer"), addressValue(developer)]);
    return contractDataKey(contractId, key);
  });
}

export function instanceEntry(
  contractId: string,
  vault: VaultInstance,
  liveUntil: number,
  lastModified: number,
): SorobanEntry {
  return contractDataEntry(instanceKey(contractId), instanceValue(vault), liveUntil, lastModified);
}

export function instanceValue(vault: VaultInstance): xdr.ScVal {
  const fields: Record<string, xdr.ScVal> = {
    Balance: i128(vault.balance),
    Caller: addressValue(vault.authorizedCaller),
    Markers: xdr.ScVal.scvBool(vault.hasMarkers),
    MaxDeduct: i128(vault.maxDeduct),
    Paused: xdr.ScVal.scvBool(vault.isPaused),
  };
  return xdr.ScVal.scvContractInstance(
    new xdr.ScContractInstance({
      executable: xdr.ContractExecutable.contractExecutableWasm(VAULT_WASM_HASH),
      storage: Object.entries(fields).map(
        ([name, val]) => new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol(name), val }),
      ),
    }),
  );
}

export function readInstanceValue(value: xdr.ScVal): VaultInstance {
  if (value.type !== "scvContractInstance") throw new Error(`not an instance: ${value.type}`);
  const fields = new Map(
    (value.instance.storage ?? []).map(({ key, val }) => [
      key.type === "scvSymbol" ? key.sym.toString() : "",
      val,
    ]),
  );
  const field = (name: string): xdr.ScVal => {
    const found = fields.get(name);
    if (!found) throw new Error(`an instance without ${name}`);
    return found;
  };
  return {
    balance: readI128(field("Balance")),
    authorizedCaller: readAddress(field("Caller")),
    maxDeduct: readI128(field("MaxDeduct")),
    isPaused: isTrue(field("Paused")),
    hasMarkers: isTrue(field("Markers")),
  };
}

function isTrue(value: xdr.ScVal): boolean {
  return value.type === "scvBool" && value.b;
}
