import { scValToNative, xdr } from "@stellar/stellar-sdk/base";
import { encodeCall, writeSymbol } from "../envelope/encode-call.ts";
import { unsignedEnvelopeXdr } from "../envelope/encode-transaction.ts";
import { classifySimulation, type SimulationVerdict } from "../outcome/classify-simulation.ts";
import type { MarkerReading } from "../proof/dead-proof.ts";
import type { SorobanRpc } from "../rpc/soroban-rpc.ts";

/** Why a vault could not be read. `rpc` trouble is thrown as RpcError instead. */
export class VaultReadError extends Error {
  /** `vault_not_found`: no such contract, or not a vault · `vault_unreadable`: it answered no sense */
  readonly reason: "vault_not_found" | "vault_unreadable";

  constructor(reason: "vault_not_found" | "vault_unreadable", contractId: string, detail: string) {
    super(`${contractId}: ${detail}`);
    this.name = "VaultReadError";
    this.reason = reason;
  }
}

export interface VaultReader {
  /**
   * The vault's balance in the ledger it was read at.
   * @throws {VaultReadError} vault_not_found, vault_unreadable · {RpcError} no answer
   */
  balance(contractId: string): Promise<{ balanceStroops: bigint; ledger: number }>;
  /** Whether the contract remembers this marker. @throws {VaultReadError} {RpcError} */
  readMarker(contractId: string, marker: string): Promise<MarkerReading>;
}

export interface VaultReaderOptions {
  readonly rpc: SorobanRpc;
  readonly networkPassphrase: string;
  /** Any account: the simulations run in its name. The vaults' authorised caller, by custom. */
  readonly sourcePublicKey: string;
}

/** Reads vaults through simulation: nothing is signed, sent or paid. */
export function createVaultReader(options: VaultReaderOptions): VaultReader {
  const read = (contractId: string, functionName: string, symbols: readonly string[]) =>
    simulateCall(options, contractId, functionName, symbols);
  return {
    async balance(contractId) {
      const verdict = await read(contractId, "balance", []);
      const balance = decode(returnValueOf(contractId, verdict));
      if (typeof balance !== "bigint") {
        throw new VaultReadError("vault_unreadable", contractId, "balance is not an i128");
      }
      return { balanceStroops: balance, ledger: verdict.ledger };
    },
    async readMarker(contractId, marker) {
      const verdict = await read(contractId, "is_request_processed", [marker]);
      const { ledger } = verdict;
      if (verdict.kind === "missing") return { kind: "unsupported", ledger };
      const isProcessed = decode(returnValueOf(contractId, verdict));
      if (typeof isProcessed !== "boolean") {
        throw new VaultReadError("vault_unreadable", contractId, "marker is not a bool");
      }
      return { kind: isProcessed ? "present" : "absent", ledger };
    },
  };
}

async function simulateCall(
  options: VaultReaderOptions,
  contractId: string,
  functionName: string,
  symbols: readonly string[],
): Promise<SimulationVerdict> {
  const operation = encodeCall({ contractId, functionName }, (out) => {
    out.u32(symbols.length);
    for (const symbol of symbols) writeSymbol(out, symbol);
  });
  const envelopeXdr = unsignedEnvelopeXdr({
    networkPassphrase: options.networkPassphrase,
    sourcePublicKey: options.sourcePublicKey,
    sequence: 1n,
    operation,
    inclusionFeeStroops: 100n,
    bounds: { maxLedger: 0, maxTimeS: 0 },
  });
  return classifySimulation(await options.rpc.simulateTransaction(envelopeXdr));
}

/** Archived entries are read as if they were restored: an archived marker is present all the same. */
function returnValueOf(contractId: string, verdict: SimulationVerdict): string {
  if (verdict.kind === "ready") return verdict.returnValueXdr;
  if (verdict.kind === "archived" && verdict.returnValueXdr !== undefined) {
    return verdict.returnValueXdr;
  }
  throw unreadable(contractId, verdict);
}

function decode(valueXdr: string): unknown {
  try {
    return scValToNative(xdr.ScVal.fromXdr(valueXdr, "base64"));
  } catch {
    return undefined;
  }
}

function unreadable(
  contractId: string,
  verdict: Exclude<SimulationVerdict, { kind: "ready" }>,
): VaultReadError {
  if (verdict.kind === "missing") {
    return new VaultReadError("vault_not_found", contractId, verdict.detail);
  }
  const detail =
    verdict.kind === "contract_error" ? `contract error ${verdict.contractError}` : verdict.kind;
  return new VaultReadError("vault_unreadable", contractId, detail);
}
