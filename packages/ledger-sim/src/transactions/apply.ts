import type { xdr } from "@stellar/stellar-sdk";
import type { AccountEntry } from "../entries/entry.ts";
import { findAccount, StateOverlay } from "../entries/ledger-state.ts";
import { nonRefundableFee } from "../host/resources.ts";
import {
  applyExtend,
  applyInvocation,
  applyRestore,
  changesOf,
  type SorobanContext,
  type SorobanOutcome,
} from "../host/soroban-operations.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import { applyCreateAccount, applyPayment } from "./classic-operations.ts";
import {
  feeOperationsOf,
  feeSourceIdOf,
  fullFeeOf,
  isSoroban,
  operationSourceIdOf,
  type ReceivedTransaction,
} from "./envelope.ts";
import type { OperationOutcome, TransactionOutcome, Verdict } from "./outcome.ts";
import type { TransactionSignatures } from "./transaction-signatures.ts";
import { archivedIndexes, findFault } from "./validity.ts";

export interface ApplyContext {
  readonly state: StateOverlay;
  readonly settings: NetworkSettings;
  readonly ledger: number;
  readonly closeTime: number;
  readonly forcedContractError: number | undefined;
}

/** What a transaction paid before anything was applied, in stroops. */
export interface ChargedFee {
  readonly chargedStroops: bigint;
  readonly nonRefundableStroops: bigint;
  readonly changes: TransactionOutcome["feeChanges"];
}

/** Takes the fee: the base fee for each operation, and the whole resource fee. */
export function chargeFee(tx: ReceivedTransaction, context: ApplyContext): ChargedFee {
  const { state, settings, ledger } = context;
  const resourceFee = tx.sorobanData?.resourceFee ?? 0n;
  const inclusion = BigInt(settings.baseFeeStroops) * feeOperationsOf(tx);
  const wanted = minimum(inclusion + resourceFee, fullFeeOf(tx));
  const account = getAccount(state, feeSourceIdOf(tx));
  const chargedStroops = minimum(wanted, account.balance);
  const nonRefundableStroops = tx.sorobanData
    ? nonRefundableFee(
        tx.sorobanData.resources,
        archivedIndexes(tx.sorobanData).length,
        tx.sizeBytes,
      )
    : 0n;
  const after = { ...account, balance: account.balance - chargedStroops, lastModified: ledger };
  state.put(account.accountId, after);
  return { chargedStroops, nonRefundableStroops, changes: [{ before: account, after }] };
}

/**
 * Applies a transaction whose fee is charged. It uses up its sequence number whether it
 * succeeds or fails; a failed one changes nothing else.
 */
export function applyTransaction(
  tx: ReceivedTransaction,
  signatures: TransactionSignatures,
  fee: ChargedFee,
  context: ApplyContext,
): TransactionOutcome {
  const fault = findFault(tx, signatures, {
    ...context,
    earliestCloseTime: context.closeTime,
    latestCloseTime: context.closeTime,
    isFeeCharged: true,
  });
  if (fault) return outcome(fault, fee, context, tx, { changesBefore: [], operations: [] });
  const changesBefore = [useSequence(tx, context)];
  const { operations, overlay, isSuccess } = applyOperations(tx, fee, context);
  if (isSuccess) context.state.absorb(overlay);
  const verdict: Verdict = {
    code: isSuccess ? "txSuccess" : "txFailed",
    operations: operations.map(({ result }) => result),
  };
  return outcome(verdict, fee, context, tx, { changesBefore, operations });
}

function useSequence(tx: ReceivedTransaction, context: ApplyContext) {
  const before = getAccount(context.state, tx.sourceId);
  const after: AccountEntry = {
    ...before,
    sequence: tx.transaction.seqNum,
    sequenceLedger: context.ledger,
    sequenceTime: context.closeTime,
    lastModified: context.ledger,
  };
  context.state.put(tx.sourceId, after);
  return { before, after };
}

function applyOperations(tx: ReceivedTransaction, fee: ChargedFee, context: ApplyContext) {
  const overlay = new StateOverlay(context.state);
  const operations: OperationOutcome[] = [];
  let isSuccess = true;
  for (const operation of tx.transaction.operations) {
    const applied = applyOperation(tx, operation, fee, { ...context, state: overlay });
    operations.push(applied);
    isSuccess &&= applied.isSuccess;
  }
  return { operations, overlay, isSuccess };
}

function applyOperation(
  tx: ReceivedTransaction,
  operation: xdr.Operation,
  fee: ChargedFee,
  context: ApplyContext,
): OperationOutcome {
  const sourceId = operationSourceIdOf(tx, operation);
  const { body } = operation;
  if (tx.sorobanData) {
    const applied = applySoroban(body, {
      ...context,
      operationSourceId: sourceId,
      data: tx.sorobanData,
      refundableStroops: tx.sorobanData.resourceFee - fee.nonRefundableStroops,
    });
    if (applied.overlay) context.state.absorb(applied.overlay);
    return applied;
  }
  const overlay = new StateOverlay(context.state);
  const classic = { ...context, state: overlay, sourceId };
  if (body.type !== "createAccount" && body.type !== "payment") {
    throw new Error(`an operation that the checks let through: ${body.type}`);
  }
  const { result, isSuccess } =
    body.type === "createAccount"
      ? applyCreateAccount(body.createAccountOp, classic)
      : applyPayment(body.paymentOp, classic);
  const changes = isSuccess ? changesOf(overlay) : [];
  if (isSuccess) context.state.absorb(overlay);
  return { result, isSuccess, changes, events: [], diagnosticEvents: [] };
}

function applySoroban(body: xdr.OperationBody, context: SorobanContext): SorobanOutcome {
  switch (body.type) {
    case "invokeHostFunction":
      return applyInvocation(body.invokeHostFunctionOp, context);
    case "restoreFootprint":
      return applyRestore(context);
    case "extendFootprintTtl":
      return applyExtend(body.extendFootprintTtlOp, context);
    default:
      throw new Error(`an operation that the checks let through: ${body.type}`);
  }
}

/** Gives back what was paid for rent and events and not used, and sums the transaction up. */
function outcome(
  verdict: Verdict,
  fee: ChargedFee,
  context: ApplyContext,
  tx: ReceivedTransaction,
  did: Pick<TransactionOutcome, "changesBefore" | "operations">,
): TransactionOutcome {
  const soroban = isSoroban(tx) ? (did.operations[0] as SorobanOutcome | undefined) : undefined;
  const refundableStroops = soroban?.refundableUsedStroops ?? 0n;
  const paidResourceFee = tx.sorobanData?.resourceFee ?? 0n;
  const refundStroops = paidResourceFee - fee.nonRefundableStroops - refundableStroops;
  const hasRefund = tx.sorobanData !== undefined && refundStroops > 0n;
  return {
    verdict,
    feeChargedStroops: fee.chargedStroops - (hasRefund ? refundStroops : 0n),
    refundStroops: hasRefund ? refundStroops : 0n,
    refundableStroops,
    nonRefundableStroops: fee.nonRefundableStroops,
    rentStroops: soroban?.rentStroops ?? 0n,
    feeChanges: fee.changes,
    changesBefore: did.changesBefore,
    changesAfter: hasRefund ? [refund(tx, refundStroops, context)] : [],
    operations: did.operations,
  };
}

function refund(tx: ReceivedTransaction, stroops: bigint, context: ApplyContext) {
  const before = getAccount(context.state, feeSourceIdOf(tx));
  const after = {
    ...before,
    balance: before.balance + stroops,
    lastModified: context.ledger,
  };
  context.state.put(before.accountId, after);
  return { before, after };
}

function getAccount(state: StateOverlay, accountId: string): AccountEntry {
  const account = findAccount(state, accountId);
  if (!account) throw new Error(`no account ${accountId} where one was checked`);
  return account;
}

function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
