import { xdr } from "@stellar/stellar-sdk";
import { ledgerEntryBytes, ledgerKeyOf } from "../entries/entry-xdr.ts";
import { eventBytes } from "../entries/event-bytes.ts";
import { xdrBytes, xdrU32 } from "../entries/xdr-cache.ts";
import type { EntryChange, OperationOutcome, TransactionOutcome } from "./outcome.ts";

const META_V4 = xdrU32(4);
const NO_EXTENSION = xdrU32(0);
const ABSENT = xdrU32(0);
const PRESENT = xdrU32(1);

/** LedgerEntryChangeType. */
const CHANGE = {
  created: xdrU32(0),
  updated: xdrU32(1),
  removed: xdrU32(2),
  state: xdrU32(3),
  restored: xdrU32(4),
} as const;

/**
 * The XDR of the meta (TransactionMeta v4) of an applied transaction: changes, contract events and
 * the return value. Put together from its parts, which are encoded for other uses anyway.
 */
export function transactionMeta(outcome: TransactionOutcome): Uint8Array {
  const isSuccess = outcome.verdict.code === "txSuccess";
  const hasSoroban = outcome.nonRefundableStroops > 0n;
  const diagnostics = outcome.operations.flatMap(({ diagnosticEvents }) => diagnosticEvents);
  return Buffer.concat([
    META_V4,
    NO_EXTENSION,
    ...ledgerChanges(outcome.changesBefore),
    ...list(isSuccess ? outcome.operations.map(operationMeta) : []),
    ...ledgerChanges(outcome.changesAfter),
    ...(hasSoroban ? [PRESENT, sorobanMeta(outcome, isSuccess).toXdr()] : [ABSENT]),
    ...list([]),
    ...list(diagnostics.map(xdrBytes)),
  ]);
}

function operationMeta({ changes, events }: OperationOutcome): Uint8Array {
  return Buffer.concat([NO_EXTENSION, ...ledgerChanges(changes), ...list(events.map(eventBytes))]);
}

function sorobanMeta(
  outcome: TransactionOutcome,
  isSuccess: boolean,
): xdr.SorobanTransactionMetaV2 {
  const fees = new xdr.SorobanTransactionMetaExtV1({
    ext: xdr.ExtensionPoint.v0(),
    totalNonRefundableResourceFeeCharged: outcome.nonRefundableStroops,
    totalRefundableResourceFeeCharged: outcome.refundableStroops,
    rentFeeCharged: outcome.rentStroops,
  });
  return new xdr.SorobanTransactionMetaV2({
    ext: xdr.SorobanTransactionMetaExt.v1(fees),
    returnValue: isSuccess ? (outcome.operations[0]?.returnValue ?? null) : null,
  });
}

/** How many there are, and each. */
function list(values: readonly Uint8Array[]): Uint8Array[] {
  return [xdrU32(values.length), ...values];
}

function ledgerChanges(changes: readonly EntryChange[]): Uint8Array[] {
  return list(changes.flatMap(ledgerChange));
}

function ledgerChange({ before, after, isRestored }: EntryChange): Uint8Array[] {
  const change = (kind: keyof typeof CHANGE, bytes: Uint8Array) =>
    Buffer.concat([CHANGE[kind], bytes]);
  if (isRestored && after) return [change("restored", ledgerEntryBytes(after))];
  const state = before ? [change("state", ledgerEntryBytes(before))] : [];
  if (after) return [...state, change(before ? "updated" : "created", ledgerEntryBytes(after))];
  return before ? [...state, change("removed", ledgerKeyOf(before).toXdr())] : [];
}
