import { xdr } from "@stellar/stellar-sdk";
import { entryId } from "../entries/entry.ts";
import { findAccount, type StateView } from "../entries/ledger-state.ts";
import { nonRefundableFee } from "../host/resources.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import {
  feeOperationsOf,
  feeSourceIdOf,
  fullFeeOf,
  inclusionFeeOf,
  isSoroban,
  operationSourceIdOf,
  type ReceivedTransaction,
} from "./envelope.ts";
import { checkOperation } from "./operation-check.ts";
import type { Verdict } from "./outcome.ts";
import type { TransactionSignatures } from "./transaction-signatures.ts";

export interface ValidityContext {
  readonly state: StateView;
  readonly settings: NetworkSettings;
  /** The ledger in which the transaction would be applied. */
  readonly ledger: number;
  /** Seconds: a transaction that starts later is too early. */
  readonly earliestCloseTime: number;
  /** Seconds: a transaction that ends before is too late. */
  readonly latestCloseTime: number;
  /** The ledger is being applied and fees are already charged. */
  readonly isFeeCharged?: boolean;
}

/**
 * Checks everything that stellar-core checks before it queues or applies a transaction, in its
 * order. Gives nothing when the transaction is valid.
 */
export function findFault(
  tx: ReceivedTransaction,
  signatures: TransactionSignatures,
  context: ValidityContext,
): Verdict | undefined {
  return (
    (tx.feeBump && findFeeBumpFault(tx, signatures, context)) ??
    findShapeFault(tx, context) ??
    findBoundsFault(tx, context) ??
    (tx.feeBump ? undefined : findFeeFault(tx, context)) ??
    findSequenceFault(tx, context) ??
    findAuthFault(tx, signatures) ??
    (tx.feeBump ? undefined : findBalanceFault(tx, context)) ??
    findOperationFault(tx, signatures, context) ??
    (signatures.inner.isEverySignatureUsed() ? undefined : { code: "txBadAuthExtra" })
  );
}

function findFeeBumpFault(
  tx: ReceivedTransaction,
  { outer }: TransactionSignatures,
  context: ValidityContext,
): Verdict | undefined {
  const fault = findFeeFault(tx, context) ?? findInnerRateFault(tx);
  if (fault) return { ...fault, isOuter: true };
  const feeSourceId = feeSourceIdOf(tx);
  if (!findAccount(context.state, feeSourceId)) return { code: "txNoAccount", isOuter: true };
  if (!outer?.isSignedBy(feeSourceId)) return { code: "txBadAuth", isOuter: true };
  const balanceFault = findBalanceFault(tx, context);
  if (balanceFault) return { ...balanceFault, isOuter: true };
  return outer.isEverySignatureUsed() ? undefined : { code: "txBadAuthExtra", isOuter: true };
}

/** A fee bump must bid at least the inner transaction's own rate. */
function findInnerRateFault(tx: ReceivedTransaction): Verdict | undefined {
  const innerOperations = BigInt(tx.transaction.operations.length);
  const innerInclusion = BigInt(tx.transaction.fee) - (tx.sorobanData?.resourceFee ?? 0n);
  if (innerOperations === 0n || innerInclusion < 0n) return undefined;
  const isLower = inclusionFeeOf(tx) * innerOperations < innerInclusion * feeOperationsOf(tx);
  if (!isLower) return undefined;
  const enough = (innerInclusion * feeOperationsOf(tx) + innerOperations - 1n) / innerOperations;
  return { code: "txInsufficientFee", feeStroops: enough + (tx.sorobanData?.resourceFee ?? 0n) };
}

function findShapeFault(tx: ReceivedTransaction, context: ValidityContext): Verdict | undefined {
  const { operations } = tx.transaction;
  if (operations.length === 0) return { code: "txMissingOperation" };
  if (!isSoroban(tx)) return tx.sorobanData ? { code: "txMalformed" } : undefined;
  if (operations.length > 1) {
    return { code: "txMalformed", reason: "more than one operation beside a Soroban one" };
  }
  if (!tx.sorobanData) return { code: "txMalformed", reason: "no Soroban data" };
  const { memo, sourceAccount } = tx.transaction;
  if (memo.type !== "memoNone" || sourceAccount.type !== "keyTypeEd25519") {
    return { code: "txSorobanInvalid", reason: "a memo or a muxed source" };
  }
  const reason = findResourceFault(tx, tx.sorobanData, context.settings);
  return reason === undefined ? undefined : { code: "txSorobanInvalid", reason };
}

function findResourceFault(
  tx: ReceivedTransaction,
  data: xdr.SorobanTransactionData,
  settings: NetworkSettings,
): string | undefined {
  const { resources, resourceFee } = data;
  const { readOnly, readWrite } = resources.footprint;
  const limits = settings.transactionLimits;
  const keys = [...readOnly, ...readWrite].map(entryId);
  const restored = archivedIndexes(data);
  if (resources.instructions > limits.instructions) return "instructions exceed the limit";
  if (resources.writeBytes > limits.writeBytes) return "write bytes exceed the limit";
  if (resources.diskReadBytes > limits.diskReadBytes) return "disk reads exceed the limit";
  if (readWrite.length > limits.writeEntries) return "write entries exceed the limit";
  if (keys.length > limits.footprintEntries) return "the footprint exceeds the limit";
  if (tx.sizeBytes > limits.sizeBytes) return "the transaction exceeds the size limit";
  if (new Set(keys).size !== keys.length) return "a key stands twice in the footprint";
  if (restored.some((index) => index >= readWrite.length)) return "no such entry to restore";
  if (restored.some((index, at) => at > 0 && index <= (restored[at - 1] ?? 0))) {
    return "the entries to restore are not in ascending order";
  }
  if (resourceFee < 0n || (!tx.feeBump && resourceFee > BigInt(tx.transaction.fee))) {
    return "the resource fee exceeds the full fee";
  }
  if (resourceFee < nonRefundableFee(resources, restored.length, tx.sizeBytes)) {
    return "the resource fee is lower than the declared resources cost";
  }
  return undefined;
}

/** Which entries of the read-write footprint a transaction restores by itself. */
export function archivedIndexes(data: xdr.SorobanTransactionData): readonly number[] {
  return data.ext.type === "resourceExt" ? data.ext.resourceExt.archivedSorobanEntries : [];
}

function findBoundsFault(
  tx: ReceivedTransaction,
  { ledger, earliestCloseTime, latestCloseTime }: ValidityContext,
): Verdict | undefined {
  const { cond } = tx.transaction;
  if (cond.type === "precondNone") return undefined;
  const timeBounds = cond.type === "precondTime" ? cond.timeBounds : cond.v2.timeBounds;
  const ledgerBounds = cond.type === "precondV2" ? cond.v2.ledgerBounds : null;
  if (timeBounds && timeBounds.minTime > BigInt(earliestCloseTime)) return { code: "txTooEarly" };
  if (ledgerBounds && ledgerBounds.minLedger > ledger) return { code: "txTooEarly" };
  if (timeBounds && timeBounds.maxTime !== 0n && timeBounds.maxTime < BigInt(latestCloseTime)) {
    return { code: "txTooLate" };
  }
  if (ledgerBounds && ledgerBounds.maxLedger !== 0 && ledgerBounds.maxLedger <= ledger) {
    return { code: "txTooLate" };
  }
  return undefined;
}

function findFeeFault(tx: ReceivedTransaction, { settings }: ValidityContext): Verdict | undefined {
  const least = BigInt(settings.baseFeeStroops) * feeOperationsOf(tx);
  if (inclusionFeeOf(tx) >= least) return undefined;
  return { code: "txInsufficientFee", feeStroops: least + (tx.sorobanData?.resourceFee ?? 0n) };
}

function findSequenceFault(
  tx: ReceivedTransaction,
  { state, ledger, earliestCloseTime }: ValidityContext,
): Verdict | undefined {
  const account = findAccount(state, tx.sourceId);
  if (!account) return { code: "txNoAccount" };
  const { seqNum, cond } = tx.transaction;
  const v2 = cond.type === "precondV2" ? cond.v2 : undefined;
  const isNext =
    v2?.minSeqNum != null
      ? account.sequence >= v2.minSeqNum && account.sequence < seqNum
      : account.sequence + 1n === seqNum;
  if (!isNext || seqNum === startingSequence(ledger)) return { code: "txBadSeq" };
  if (!v2) return undefined;
  const isTooYoung =
    BigInt(account.sequenceTime) + v2.minSeqAge > BigInt(earliestCloseTime) ||
    account.sequenceLedger + v2.minSeqLedgerGap > ledger;
  return isTooYoung ? { code: "txBadMinSeqAgeOrGap" } : undefined;
}

/** The sequence number that an account created in `ledger` starts with. */
export function startingSequence(ledger: number): bigint {
  return BigInt(ledger) << 32n;
}

function findAuthFault(
  tx: ReceivedTransaction,
  { inner }: TransactionSignatures,
): Verdict | undefined {
  return inner.isSignedBy(tx.sourceId) ? undefined : { code: "txBadAuth" };
}

function findBalanceFault(
  tx: ReceivedTransaction,
  { state, settings, isFeeCharged }: ValidityContext,
): Verdict | undefined {
  if (isFeeCharged) return undefined;
  const account = findAccount(state, feeSourceIdOf(tx));
  if (!account) return { code: "txNoAccount" };
  const spendable = account.balance - minimumBalance(settings);
  return spendable < fullFeeOf(tx) ? { code: "txInsufficientBalance" } : undefined;
}

/** What an account without sub-entries may not go below. */
export function minimumBalance(settings: NetworkSettings): bigint {
  return 2n * BigInt(settings.baseReserveStroops);
}

function findOperationFault(
  tx: ReceivedTransaction,
  { inner }: TransactionSignatures,
  { state }: ValidityContext,
): Verdict | undefined {
  const results = tx.transaction.operations.map((operation) => {
    const sourceId = operationSourceIdOf(tx, operation);
    if (!findAccount(state, sourceId)) return xdr.OperationResult.opNoAccount();
    if (!inner.isSignedBy(sourceId)) return xdr.OperationResult.opBadAuth();
    return checkOperation(operation, sourceId);
  });
  const first = results.find((result) => result !== undefined);
  if (!first) return undefined;
  return { code: "txFailed", operations: results.map((result) => result ?? first) };
}
