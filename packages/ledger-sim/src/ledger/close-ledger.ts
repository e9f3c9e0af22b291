import type { xdr } from "@stellar/stellar-sdk";
import { addressOf } from "../entries/contract-address.ts";
import { entryId } from "../entries/entry.ts";
import { eventBytes } from "../entries/event-bytes.ts";
import { StateOverlay, type StateView } from "../entries/ledger-state.ts";
import { scValBytes } from "../entries/sc-val-bytes.ts";
import { base64, xdrBase64 } from "../entries/xdr-cache.ts";
import { applyTransaction, type ChargedFee, chargeFee } from "../transactions/apply.ts";
import { inclusionFeeOf, isSoroban } from "../transactions/envelope.ts";
import { transactionMeta } from "../transactions/meta-xdr.ts";
import type { TransactionOutcome } from "../transactions/outcome.ts";
import { transactionResult } from "../transactions/result-xdr.ts";
import type { QueuedTransaction } from "../transactions/transaction-queue.ts";
import {
  applicationOrder,
  selectTransactions,
  transactionSetHash,
} from "../transactions/transaction-set.ts";
import { eventId } from "./event-id.ts";
import { ledgerHash } from "./header-xdr.ts";
import type { ClosedLedger, EventRecord, LedgerRecord, TransactionRecord } from "./history.ts";
import type { LedgerFaults } from "./ledger-faults.ts";
import type { NetworkSettings } from "./network-settings.ts";

export interface CloseContext {
  readonly state: StateView;
  readonly settings: NetworkSettings;
  readonly previous: LedgerRecord;
  readonly closeTime: number;
  readonly faults: LedgerFaults;
  /** Events that something other than a transaction puts into this ledger. */
  readonly emitted: readonly EventRecord[];
}

export interface Closing {
  readonly closed: ClosedLedger;
  readonly overlay: StateOverlay;
  readonly applied: readonly QueuedTransaction[];
}

/** Applies what a ledger takes of the valid candidates; nothing is changed but the overlay. */
export function closeLedger(
  candidates: readonly QueuedTransaction[],
  context: CloseContext,
): Closing {
  const { settings, previous, closeTime, faults } = context;
  const sequence = previous.sequence + 1;
  const overlay = new StateOverlay(context.state);
  const selected = selectTransactions(candidates, settings.ledgerLimits);
  const setHash = transactionSetHash(previous.hash, selected);
  const isReversed = selected.length > 0 && faults.takeReorderedLedger();
  const ordered = applicationOrder(selected, setHash, isReversed);
  const apply = { state: overlay, settings, ledger: sequence, closeTime };
  const fees = ordered.map(({ tx }) => chargeFee(tx, { ...apply, forcedContractError: undefined }));
  const transactions: TransactionRecord[] = [];
  const events: EventRecord[] = [];
  for (const [index, queued] of ordered.entries()) {
    const isInvocation = queued.tx.transaction.operations.some(
      ({ body }) => body.type === "invokeHostFunction",
    );
    if (isInvocation && faults.takeArchivedEntry()) archiveInstance(queued, overlay, sequence);
    const forcedContractError = isInvocation ? faults.takeContractErrorOnApply() : undefined;
    const outcome = applyTransaction(queued.tx, queued.signatures, fees[index] as ChargedFee, {
      ...apply,
      forcedContractError,
    });
    const record = transactionRecord(queued, outcome, sequence, index + 1, closeTime);
    transactions.push(record);
    events.push(...eventRecords(record, outcome));
  }
  const header = {
    sequence,
    closeTime,
    previousHash: previous.hash,
    transactionSetHash: setHash,
  };
  const ledger = {
    ...header,
    hash: ledgerHash(header, settings),
    transactionCount: transactions.length,
  };
  const closed = { ledger, transactions, events: [...events, ...context.emitted] };
  return { closed, overlay, applied: ordered };
}

/** Lets the contract's instance expire, as if nobody had extended its life. */
function archiveInstance(queued: QueuedTransaction, overlay: StateOverlay, ledger: number): void {
  const { footprint } = queued.tx.sorobanData?.resources ?? {};
  for (const key of [...(footprint?.readWrite ?? []), ...(footprint?.readOnly ?? [])]) {
    const isInstance =
      key.type === "contractData" && key.value.key.type === "scvLedgerKeyContractInstance";
    const entry = isInstance ? overlay.find(entryId(key)) : undefined;
    if (entry?.kind === "soroban") overlay.put(entryId(key), { ...entry, liveUntil: ledger - 1 });
  }
}

function transactionRecord(
  { tx }: QueuedTransaction,
  outcome: TransactionOutcome,
  ledger: number,
  applicationOrder: number,
  closeTime: number,
): TransactionRecord {
  const isSuccess = outcome.verdict.code === "txSuccess";
  return {
    hash: tx.hash,
    innerHash: tx.innerHash,
    ledger,
    applicationOrder,
    createdAt: closeTime,
    isSuccess,
    isFeeBump: tx.feeBump !== undefined,
    isSoroban: isSoroban(tx),
    inclusionFeeStroops: inclusionFeeOf(tx).toString(),
    envelopeXdr: tx.envelopeXdr,
    resultXdr: transactionResult(tx, outcome.verdict, outcome.feeChargedStroops).toXdr("base64"),
    resultMetaXdr: base64(transactionMeta(outcome)),
    contractEventsXdr: isSuccess
      ? outcome.operations.map(({ events }) => events.map((event) => base64(eventBytes(event))))
      : [],
    diagnosticEventsXdr: outcome.operations.flatMap(({ diagnosticEvents }) =>
      diagnosticEvents.map(xdrBase64),
    ),
  };
}

function eventRecords(record: TransactionRecord, outcome: TransactionOutcome): EventRecord[] {
  if (!record.isSuccess) return [];
  return outcome.operations.flatMap(({ events }, operationIndex) =>
    events.map((event, index) => eventRecord(event, record, operationIndex, index)),
  );
}

function eventRecord(
  event: xdr.ContractEvent,
  { ledger, createdAt, applicationOrder, hash }: TransactionRecord,
  operationIndex: number,
  index: number,
): EventRecord {
  const { topics, data } = event.body.v0;
  return {
    id: eventId({ ledger, transactionIndex: applicationOrder, operationIndex, index }),
    ledger,
    closedAt: createdAt,
    contractId: addressOf(event.contractId),
    transactionIndex: applicationOrder,
    operationIndex,
    txHash: hash,
    topics: topics.map((topic) => base64(scValBytes(topic))),
    value: base64(scValBytes(data)),
  };
}
