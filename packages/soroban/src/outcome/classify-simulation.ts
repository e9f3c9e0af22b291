import type { SimulationAnswer } from "../rpc/soroban-rpc.ts";
import { contractErrorOfXdr } from "./contract-error-code.ts";

/** What a simulation says about a call, before anything is sent. */
export type SimulationVerdict =
  | {
      readonly kind: "ready";
      readonly ledger: number;
      readonly transactionData: string;
      readonly resourceFeeStroops: bigint;
      /** Base64 SorobanAuthorizationEntry, in the order that the operation carries them. */
      readonly auth: readonly string[];
      /** Base64 SCVal. */
      readonly returnValueXdr: string;
    }
  /**
   * Entries that the call needs are archived and have to be restored first. The value is what the
   * call would return once they are.
   */
  | {
      readonly kind: "archived";
      readonly ledger: number;
      /** Base64 SorobanTransactionData of the transaction that restores them. */
      readonly restoreData: string;
      readonly returnValueXdr?: string;
    }
  | { readonly kind: "contract_error"; readonly ledger: number; readonly contractError: number }
  /** No such contract, or it has no such function. */
  | { readonly kind: "missing"; readonly ledger: number; readonly detail: string }
  /** The host refused for another reason (budget, storage, auth). */
  | { readonly kind: "host_error"; readonly ledger: number; readonly detail: string };

/** Classifies an answer to simulateTransaction. */
export function classifySimulation(answer: SimulationAnswer): SimulationVerdict {
  const ledger = answer.latestLedger;
  if (answer.error !== undefined) return classifyError(answer, answer.error);
  const [result] = answer.results ?? [];
  if (answer.restorePreamble !== undefined) {
    const restoreData = answer.restorePreamble.transactionData;
    return { kind: "archived", ledger, restoreData, ...(result && { returnValueXdr: result.xdr }) };
  }
  if (result === undefined || answer.transactionData === undefined) {
    return { kind: "host_error", ledger, detail: "simulation without a result" };
  }
  return {
    kind: "ready",
    ledger,
    transactionData: answer.transactionData,
    resourceFeeStroops: BigInt(answer.minResourceFee ?? 0),
    auth: result.auth ?? [],
    returnValueXdr: result.xdr,
  };
}

function classifyError(answer: SimulationAnswer, error: string): SimulationVerdict {
  const ledger = answer.latestLedger;
  const contractError = contractErrorOfXdr(answer.events ?? []) ?? contractErrorInText(error);
  if (contractError !== undefined) return { kind: "contract_error", ledger, contractError };
  const detail = error.replace(/\n.*/s, "");
  // The host's own notation; the RPC has no structured form of it when it gives no events.
  const isMissing = /Error\((?:Storage|WasmVm), ?MissingValue\)/.test(error);
  return { kind: isMissing ? "missing" : "host_error", ledger, detail };
}

function contractErrorInText(error: string): number | undefined {
  const match = /Error\(Contract, ?#(\d+)\)/.exec(error);
  return match === null ? undefined : Number(match[1]);
}
