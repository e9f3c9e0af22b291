import { Address, xdr } from "@stellar/stellar-sdk/base";
import { Spec } from "@stellar/stellar-sdk/contract";
import type { SorobanRpc } from "../rpc/soroban-rpc.ts";
import { readInterface } from "./read-interface.ts";
import type { VaultInterface } from "./vault-call.ts";

/** How each vault wants to be called. */
export interface VaultInterfaces {
  /** From the contract's own spec where it has one, else the default. @throws {RpcError} */
  of(contractId: string): Promise<VaultInterface>;
  /** The contract turned out to know no `batch_deduct`. */
  forgetBatching(contractId: string): void;
}

/** Contracts kept in mind; the oldest make room. */
const MAX_KEPT = 10_000;

/**
 * Reads each contract's interface once and keeps it. Many vaults run the same code, whose spec is
 * read once for all of them.
 */
export function createVaultInterfaces(rpc: SorobanRpc, base: VaultInterface): VaultInterfaces {
  const known = new Map<string, VaultInterface>();
  const codes = new Map<string, Promise<VaultInterface>>();

  const keep = (contractId: string, vault: VaultInterface) => {
    known.delete(contractId);
    known.set(contractId, vault);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KEPT) break;
      known.delete(oldest);
    }
    return vault;
  };

  const ofCode = (wasmHash: Uint8Array): Promise<VaultInterface> => {
    const key = Buffer.from(wasmHash).toString("hex");
    let reading = codes.get(key);
    if (reading === undefined) {
      reading = readCode(rpc, wasmHash).then((wasm) => interfaceOfWasm(wasm, base));
      codes.set(key, reading);
      reading.catch(() => codes.delete(key));
    }
    return reading;
  };

  return {
    async of(contractId) {
      const kept = known.get(contractId);
      if (kept !== undefined) return kept;
      const instance = await readInstance(rpc, contractId);
      // Not there (yet), or nothing to read a spec from: the default, and another look next time.
      if (instance === undefined) return base;
      return keep(contractId, await ofCode(instance));
    },
    forgetBatching(contractId) {
      keep(contractId, { ...(known.get(contractId) ?? base), isBatching: false });
    },
  };
}

function interfaceOfWasm(wasm: Uint8Array | undefined, base: VaultInterface): VaultInterface {
  try {
    return wasm === undefined ? base : readInterface(Spec.fromWasm(wasm).entries, base);
  } catch {
    return base;
  }
}

/** The hash of the code that a contract runs. */
async function readInstance(rpc: SorobanRpc, contractId: string): Promise<Uint8Array | undefined> {
  const key = instanceKey(contractId);
  const data = key && (await readEntry(rpc, key));
  if (data?.type !== "contractData") return undefined;
  const { val } = data.contractData;
  if (val.type !== "scvContractInstance") return undefined;
  const { executable } = val.instance;
  return executable.type === "contractExecutableWasm" ? executable.wasmHash.value : undefined;
}

async function readCode(rpc: SorobanRpc, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const data = await readEntry(
    rpc,
    xdr.LedgerKey.contractCode(new xdr.LedgerKeyContractCode({ hash })),
  );
  return data?.type === "contractCode" ? data.contractCode.code : undefined;
}

async function readEntry(rpc: SorobanRpc, key: xdr.LedgerKey) {
  const { entries } = await rpc.getLedgerEntries([key.toXdr("base64")]);
  const [entry] = entries;
  try {
    return entry && xdr.LedgerEntryData.fromXdr(entry.xdr, "base64");
  } catch {
    return undefined;
  }
}

/** Undefined for what is no contract's address. */
function instanceKey(contractId: string): xdr.LedgerKey | undefined {
  try {
    return xdr.LedgerKey.contractData(
      new xdr.LedgerKeyContractData({
        contract: new Address(contractId).toScAddress(),
        key: xdr.ScVal.scvLedgerKeyContractInstance(),
        durability: xdr.ContractDataDurability.persistent,
      }),
    );
  } catch {
    return undefined;
  }
}
