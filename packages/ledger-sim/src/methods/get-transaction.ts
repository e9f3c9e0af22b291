import { invalidParams } from "../json-rpc.ts";
import type { TransactionRecord } from "../ledger/history.ts";
import { type Method, readView } from "./method.ts";
import { requireBase64Format } from "./transaction-param.ts";

/** How new a transaction must be for the row to be read before it was there. */
const RACE_DEPTH_LEDGERS = 1;

/** Finds a transaction by its own hash or by that of the inner transaction of a fee bump. */
export const getTransaction: Method = (params, context) => {
  requireBase64Format(params);
  const { hash } = params;
  if (typeof hash !== "string" || !/^[0-9a-fA-F]{64}$/.test(hash)) {
    throw invalidParams("hash must be 64 hexadecimal digits");
  }
  const view = readView(context);
  const range = {
    latestLedger: view.latest.sequence,
    latestLedgerCloseTime: String(view.latest.closeTime),
    oldestLedger: view.oldest.sequence,
    oldestLedgerCloseTime: String(view.oldest.closeTime),
  };
  const found = view.findTransaction(hash.toLowerCase());
  const isNew = found && view.latest.sequence - found.ledger <= RACE_DEPTH_LEDGERS;
  if (!found || (isNew && context.faults.take("notFoundRace"))) {
    return { ...range, status: "NOT_FOUND", txHash: hash };
  }
  return {
    ...range,
    ...describeTransaction(found),
    txHash: hash,
    createdAt: String(found.createdAt),
  };
};

/** An applied transaction as `getTransaction` and `getTransactions` answer it. */
export function describeTransaction(record: TransactionRecord) {
  const diagnosticEventsXdr = record.diagnosticEventsXdr;
  return {
    status: record.isSuccess ? "SUCCESS" : "FAILED",
    txHash: record.hash,
    applicationOrder: record.applicationOrder,
    feeBump: record.isFeeBump,
    envelopeXdr: record.envelopeXdr,
    resultXdr: record.resultXdr,
    resultMetaXdr: record.resultMetaXdr,
    ...(diagnosticEventsXdr.length > 0 && { diagnosticEventsXdr }),
    events: {
      transactionEventsXdr: [],
      contractEventsXdr: record.contractEventsXdr,
    },
    ledger: record.ledger,
    createdAt: record.createdAt,
  };
}
