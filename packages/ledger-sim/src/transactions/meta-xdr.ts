import { xdr } from "@stellar/stellar-sdk";
import { ledgerKeyOf, toLedgerEntry } from "../entries/entry-xdr.ts";
import type { EntryChange, OperationOutcome, TransactionOutcome } from "./outcome.ts";

const ext = xdr.ExtensionPoint.v0();

/** The meta (v4) of an applied transaction: changes, contract events and the return value. */
export function transactionMeta(outcome: TransactionOutcome): xdr.TransactionMeta {
  const isSuccess = outcome.verdict.code === "txSuccess";
  return xdr.TransactionMeta.v4(
    new xdr.TransactionMetaV4({
      ext,
      txChangesBefore: outcome.changesBefore.flatMap(ledgerChanges),
      operations: isSuccess ? outcome.operations.map(operationMeta) : [],
      txChangesAfter: outcome.changesAfter.flatMap(ledgerChanges),
      sorobanMeta: outcome.nonRefundableStroops > 0n ? sorobanMeta(outcome, isSuccess) : null,
      events: [],
      diagnosticEvents: outcome.operations.flatMap(({ diagnosticEvents }) => diagnosticEvents),
    }),
  );
}

function operationMeta(operation: OperationOutcome): xdr.OperationMetaV2 {
  return new xdr.OperationMetaV2({
    ext,
    changes: operation.changes.flatMap(ledgerChanges),
    events: [...operation.events],
  });
}

function sorobanMeta(
  outcome: TransactionOutcome,
  isSuccess: boolean,
): xdr.SorobanTransactionMetaV2 {
  const fees = new xdr.SorobanTransactionMetaExtV1({
    ext,
    totalNonRefundableResourceFeeCharged: outcome.nonRefundableStroops,
    totalRefundableResourceFeeCharged: outcome.refundableStroops,
    rentFeeCharged: outcome.rentStroops,
  });
  return new xdr.SorobanTransactionMetaV2({
    ext: xdr.SorobanTransactionMetaExt.v1(fees),
    returnValue: isSuccess ? (outcome.operations[0]?.returnValue ?? null) : null,
  });
}

function ledgerChanges({ before, after, isRestored }: EntryChange): xdr.LedgerEntryChange[] {
  const change = xdr.LedgerEntryChange;
  if (isRestored && after) return [change.ledgerEntryRestored(toLedgerEntry(after))];
  if (before && after) {
    return [
      change.ledgerEntryState(toLedgerEntry(before)),
      change.ledgerEntryUpdated(toLedgerEntry(after)),
    ];
  }
  if (after) return [change.ledgerEntryCreated(toLedgerEntry(after))];
  if (before) {
    return [
      change.ledgerEntryState(toLedgerEntry(before)),
      change.ledgerEntryRemoved(ledgerKeyOf(before)),
    ];
  }
  return [];
}
