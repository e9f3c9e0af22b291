import { invalidParams, invalidRequest, isObject, type Params } from "../json-rpc.ts";
import { totalOrderId } from "../ledger/event-id.ts";
import { ledgerCloseMeta, ledgerHeaderEntry } from "../ledger/header-xdr.ts";
import type { LedgerRecord, TransactionRecord } from "../ledger/history.ts";
import type { LedgerView } from "../ledger/ledger.ts";
import { describeTransaction } from "./get-transaction.ts";
import { type Method, readView } from "./method.ts";
import { readLimit } from "./pagination.ts";
import { requireBase64Format } from "./transaction-param.ts";

const LIMIT = { normal: 50, most: 200 };

/** Lists applied transactions in the order of their application. */
export const getTransactions: Method = (params, context) => {
  requireBase64Format(params);
  const view = readView(context);
  const { start, limit } = readPage(params, view, (cursor) => Number(cursor >> 32n));
  const transactions: TransactionRecord[] = [];
  const { history } = context.ledger;
  for (const closed of history.ledgers(start.ledger, view.latest.sequence)) {
    const unseen = closed.transactions.filter((record) => cursorOf(record) > start.after);
    transactions.push(...unseen.slice(0, limit - transactions.length));
    if (transactions.length === limit) break;
  }
  const last = transactions.at(-1);
  return {
    transactions: transactions.map(describeTransaction),
    latestLedger: view.latest.sequence,
    latestLedgerCloseTimestamp: view.latest.closeTime,
    oldestLedger: view.oldest.sequence,
    oldestLedgerCloseTimestamp: view.oldest.closeTime,
    cursor: (last ? cursorOf(last) : endCursor(view.latest.sequence)).toString(),
  };
};

/** Lists closed ledgers; their close meta carries no transactions. */
export const getLedgers: Method = (params, context) => {
  requireBase64Format(params);
  const view = readView(context);
  const { start, limit } = readPage(params, view, (cursor) => Number(cursor) + 1);
  const last = Math.min(start.ledger + limit - 1, view.latest.sequence);
  const { history, settings } = context.ledger;
  const ledgers = [...history.ledgers(start.ledger, last)].map(({ ledger }) => ({
    hash: ledger.hash,
    sequence: ledger.sequence,
    ledgerCloseTime: String(ledger.closeTime),
    headerXdr: ledgerHeaderEntry(ledger, settings).toXdr("base64"),
    metadataXdr: ledgerCloseMeta(ledger, settings).toXdr("base64"),
  }));
  return {
    ledgers,
    latestLedger: view.latest.sequence,
    latestLedgerCloseTime: view.latest.closeTime,
    oldestLedger: view.oldest.sequence,
    oldestLedgerCloseTime: view.oldest.closeTime,
    cursor: String((ledgers.at(-1) as LedgerRecord | undefined)?.sequence ?? start.ledger - 1),
  };
};

function cursorOf({ ledger, applicationOrder }: TransactionRecord): bigint {
  return totalOrderId(ledger, applicationOrder, 1);
}

function endCursor(ledger: number): bigint {
  return totalOrderId(ledger, (1 << 20) - 1, (1 << 12) - 1);
}

function readPage(params: Params, view: LedgerView, ledgerOf: (cursor: bigint) => number) {
  const { startLedger, pagination } = params;
  if (pagination != null && !isObject(pagination)) {
    throw invalidParams("pagination must be an object");
  }
  const limit = readLimit(pagination ?? {}, LIMIT);
  const cursor = pagination?.["cursor"];
  if (cursor == null || cursor === "") {
    if (typeof startLedger !== "number" || !Number.isInteger(startLedger) || startLedger < 1) {
      throw invalidParams("startLedger must be positive");
    }
    const isInside = startLedger >= view.oldest.sequence && startLedger <= view.latest.sequence;
    if (!isInside) {
      const range = `${view.oldest.sequence} - ${view.latest.sequence}`;
      throw invalidRequest(`start ledger must be between the oldest and the latest: ${range}`);
    }
    return { start: { ledger: startLedger, after: 0n }, limit };
  }
  if (startLedger) throw invalidParams("startLedger and cursor cannot both be set");
  if (typeof cursor !== "string" || !/^\d{1,19}$/.test(cursor)) {
    throw invalidParams("pagination.cursor is not a cursor");
  }
  return { start: { ledger: ledgerOf(BigInt(cursor)), after: BigInt(cursor) }, limit };
}
