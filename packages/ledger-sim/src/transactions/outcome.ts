import type { xdr } from "@stellar/stellar-sdk";
import type { Entry } from "../entries/entry.ts";

/** The codes of a transaction that the simulator gives; names are the network's. */
export type ResultCode =
  | "txSuccess"
  | "txFailed"
  | "txTooEarly"
  | "txTooLate"
  | "txMissingOperation"
  | "txBadSeq"
  | "txBadAuth"
  | "txInsufficientBalance"
  | "txNoAccount"
  | "txInsufficientFee"
  | "txBadAuthExtra"
  | "txBadMinSeqAgeOrGap"
  | "txMalformed"
  | "txSorobanInvalid";

/** Why a transaction is refused, or how it ended. */
export interface Verdict {
  readonly code: ResultCode;
  /** Present with txSuccess and txFailed. */
  readonly operations?: readonly xdr.OperationResult[];
  /** The fault lies in the fee bump itself, not in the inner transaction. */
  readonly isOuter?: boolean;
  /** With txInsufficientFee: what would have been enough. */
  readonly feeStroops?: bigint;
  readonly reason?: string;
}

export interface EntryChange {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
  readonly isRestored?: boolean;
}

/** What one operation did. */
export interface OperationOutcome {
  readonly result: xdr.OperationResult;
  readonly isSuccess: boolean;
  readonly changes: readonly EntryChange[];
  readonly events: readonly xdr.ContractEvent[];
  readonly diagnosticEvents: readonly xdr.DiagnosticEvent[];
  readonly returnValue?: xdr.ScVal;
}

/** What a transaction did when it was applied; amounts in stroops. */
export interface TransactionOutcome {
  readonly verdict: Verdict;
  readonly feeChargedStroops: bigint;
  readonly refundStroops: bigint;
  readonly refundableStroops: bigint;
  readonly nonRefundableStroops: bigint;
  readonly rentStroops: bigint;
  readonly feeChanges: readonly EntryChange[];
  readonly changesBefore: readonly EntryChange[];
  readonly changesAfter: readonly EntryChange[];
  readonly operations: readonly OperationOutcome[];
}
