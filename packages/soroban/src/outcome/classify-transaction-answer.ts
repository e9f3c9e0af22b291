import { scValToNative, xdr } from "@stellar/stellar-sdk/base";
import type { TransactionAnswer } from "../rpc/soroban-rpc.ts";
import { contractErrorOf } from "./contract-error-code.ts";

/** What the ledger says about one hash. */
export type TransactionVerdict =
  | {
      readonly kind: "success";
      readonly ledger: number;
      /** Left out when the value cannot be decoded, which changes nothing about the success. */
      readonly returnValue?: string;
    }
  | {
      readonly kind: "failed";
      readonly ledger: number;
      /** The operation's or the transaction's result, such as `invokeHostFunctionTrapped`. */
      readonly code: string;
      readonly contractError?: number;
    }
  | { readonly kind: "not_found"; readonly latestLedger: number; readonly oldestLedger: number };

/** Classifies an answer to getTransaction; SUCCESS and FAILED are final. */
export function classifyTransactionAnswer(answer: TransactionAnswer): TransactionVerdict {
  const { latestLedger, oldestLedger } = answer;
  if (answer.status === "NOT_FOUND") return { kind: "not_found", latestLedger, oldestLedger };
  const ledger = answer.ledger ?? latestLedger;
  if (answer.status === "SUCCESS") {
    const returnValue = decodeReturnValue(answer.resultMetaXdr);
    return { kind: "success", ledger, ...(returnValue !== undefined && { returnValue }) };
  }
  const contractError = contractErrorOf(failureEvents(answer));
  return {
    kind: "failed",
    ledger,
    code: failureCode(answer.resultXdr),
    ...(contractError !== undefined && { contractError }),
  };
}

function decodeReturnValue(metaXdr: string | undefined): string | undefined {
  try {
    const value = sorobanMeta(decodeMeta(metaXdr))?.returnValue;
    if (value === undefined || value === null) return undefined;
    const native: unknown = scValToNative(value);
    return typeof native === "bigint" || typeof native === "number" ? String(native) : undefined;
  } catch {
    return undefined;
  }
}

function decodeMeta(metaXdr: string | undefined): xdr.TransactionMeta | undefined {
  return metaXdr === undefined ? undefined : xdr.TransactionMeta.fromXdr(metaXdr, "base64");
}

function sorobanMeta(meta: xdr.TransactionMeta | undefined) {
  return meta?.type === "v4" || meta?.type === "v3" ? meta.value.sorobanMeta : undefined;
}

/** Servers put diagnostic events beside the result, into the meta, or nowhere. */
function failureEvents(answer: TransactionAnswer): xdr.DiagnosticEvent[] {
  try {
    if (answer.diagnosticEventsXdr !== undefined) {
      return answer.diagnosticEventsXdr.map((event) =>
        xdr.DiagnosticEvent.fromXdr(event, "base64"),
      );
    }
    const meta = decodeMeta(answer.resultMetaXdr);
    if (meta?.type === "v4") return meta.v4.diagnosticEvents;
    return meta?.type === "v3" ? (meta.v3.sorobanMeta?.diagnosticEvents ?? []) : [];
  } catch {
    return [];
  }
}

function failureCode(resultXdr: string | undefined): string {
  try {
    if (resultXdr === undefined) return "unreadable";
    let { result } = xdr.TransactionResult.fromXdr(resultXdr, "base64") as {
      result: xdr.TransactionResultResult | xdr.InnerTransactionResultResult;
    };
    if (result.type === "txFeeBumpInnerFailed") result = result.innerResultPair.result.result;
    if (result.type !== "txFailed") return result.type;
    const [operation] = result.results;
    if (operation?.type !== "opInner") return operation?.type ?? result.type;
    return operation.tr.value.type;
  } catch {
    return "unreadable";
  }
}
