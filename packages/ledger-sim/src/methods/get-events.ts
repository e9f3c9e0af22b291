import { StrKey, xdr } from "@stellar/stellar-sdk";
import { invalidParams, invalidRequest, isObject, type Params } from "../json-rpc.ts";
import { endOfLedger, ledgerOfCursor } from "../ledger/event-id.ts";
import type { EventRecord } from "../ledger/history.ts";
import type { LedgerView } from "../ledger/ledger.ts";
import { readStrings } from "../params.ts";
import { type Method, readView } from "./method.ts";
import { readLimit } from "./pagination.ts";
import { requireBase64Format } from "./transaction-param.ts";

const MOST_FILTERS = 5;
const MOST_CONTRACTS = 5;
const MOST_TOPIC_FILTERS = 5;
const MOST_SEGMENTS = 4;
const MOST_SCANNED_LEDGERS = 10_000;
const LIMIT = { normal: 100, most: 10_000 };

type Filter = (event: EventRecord) => boolean;

/** Lists contract events in the ledger's order, from a ledger or from behind a cursor. */
export const getEvents: Method = (params, context) => {
  requireBase64Format(params);
  const filters = readFilters(params["filters"]);
  const { cursor, limit } = readPagination(params);
  const view = readView(context);
  const first = readFirstLedger(params, cursor, view);
  const last = readLastLedger(params, first, view);
  const events: EventRecord[] = [];
  for (const closed of context.ledger.history.ledgers(first, last)) {
    for (const event of closed.events) {
      if (cursor !== undefined && event.id <= cursor) continue;
      if (filters.length > 0 && !filters.some((filter) => filter(event))) continue;
      events.push(event);
      if (events.length === limit) break;
    }
    if (events.length === limit) break;
  }
  const isFull = events.length === limit;
  return {
    events: events.map(describe),
    cursor: isFull ? (events.at(-1) as EventRecord).id : endOfLedger(last),
    latestLedger: view.latest.sequence,
    oldestLedger: view.oldest.sequence,
    latestLedgerCloseTime: String(view.latest.closeTime),
    oldestLedgerCloseTime: String(view.oldest.closeTime),
  };
};

function describe(event: EventRecord) {
  return {
    type: "contract",
    ledger: event.ledger,
    ledgerClosedAt: new Date(event.closedAt * 1000).toISOString().replace(".000Z", "Z"),
    contractId: event.contractId,
    id: event.id,
    operationIndex: event.operationIndex,
    transactionIndex: event.transactionIndex,
    txHash: event.txHash,
    inSuccessfulContractCall: true,
    topic: event.topics,
    value: event.value,
  };
}

function readPagination(params: Params): { cursor: string | undefined; limit: number } {
  const { pagination } = params;
  if (pagination != null && !isObject(pagination)) {
    throw invalidParams("pagination must be an object");
  }
  const cursor = pagination?.["cursor"];
  if (cursor == null || cursor === "") {
    return { cursor: undefined, limit: readLimit(pagination ?? {}, LIMIT) };
  }
  if (typeof cursor !== "string" || ledgerOfCursor(cursor) === undefined) {
    throw invalidParams("pagination.cursor is not a cursor");
  }
  if (params["startLedger"] || params["endLedger"]) {
    throw invalidParams("ledger ranges and cursor cannot both be set");
  }
  return { cursor, limit: readLimit(pagination ?? {}, LIMIT) };
}

function readFirstLedger(
  params: Params,
  cursor: string | undefined,
  { oldest, latest }: LedgerView,
): number {
  const wanted = cursor === undefined ? params["startLedger"] : ledgerOfCursor(cursor);
  if (typeof wanted !== "number" || !Number.isInteger(wanted) || wanted <= 0) {
    throw invalidParams("startLedger must be positive");
  }
  if (wanted < oldest.sequence || wanted > latest.sequence) {
    const range = `${oldest.sequence} - ${latest.sequence}`;
    throw invalidRequest(`startLedger must be within the ledger range: ${range}`);
  }
  return wanted;
}

/** `endLedger` is exclusive; one answer scans a bounded number of ledgers. */
function readLastLedger(params: Params, first: number, { latest }: LedgerView): number {
  const { endLedger } = params;
  const last = Math.min(first + MOST_SCANNED_LEDGERS - 1, latest.sequence);
  if (endLedger === undefined || endLedger === null || endLedger === 0) return last;
  if (typeof endLedger !== "number" || !Number.isInteger(endLedger) || endLedger <= first) {
    throw invalidParams("endLedger must be a ledger after startLedger");
  }
  return Math.min(last, endLedger - 1);
}

function readFilters(value: unknown): Filter[] {
  if (value == null) return [];
  if (!Array.isArray(value)) throw invalidParams("filters must be a list");
  if (value.length > MOST_FILTERS) throw invalidParams(`maximum ${MOST_FILTERS} filters`);
  return value.map((filter, index) => readFilter(filter, `filters[${index}]`));
}

function readFilter(value: unknown, name: string): Filter {
  if (!isObject(value)) throw invalidParams(`${name} must be an object`);
  const types = readTypes(value["type"], name);
  const contractIds = readContractIds(value["contractIds"], name);
  const topics = readTopicFilters(value["topics"], name);
  return (event) =>
    types.includes("contract") &&
    (contractIds.length === 0 || contractIds.includes(event.contractId)) &&
    (topics.length === 0 || topics.some((segments) => matchesTopics(event.topics, segments)));
}

function readTypes(value: unknown, name: string): readonly string[] {
  if (value === undefined || value === null || value === "") return ["contract"];
  const types = typeof value === "string" ? value.split(",") : [];
  if (types.length === 0 || !types.every((type) => ["contract", "system"].includes(type))) {
    throw invalidParams(`${name}: type must be contract or system`);
  }
  return types;
}

function readContractIds(value: unknown, name: string): readonly string[] {
  if (value == null) return [];
  const ids = readStrings(value);
  if (!ids?.every((id) => StrKey.isValidContract(id))) {
    throw invalidParams(`${name}: contractIds must be contract ids`);
  }
  if (ids.length > MOST_CONTRACTS) {
    throw invalidParams(`${name}: maximum ${MOST_CONTRACTS} contract ids`);
  }
  return ids;
}

function readTopicFilters(value: unknown, name: string): readonly (readonly string[])[] {
  if (value == null) return [];
  if (!Array.isArray(value)) throw invalidParams(`${name}: topics must be a list of lists`);
  if (value.length > MOST_TOPIC_FILTERS) {
    throw invalidParams(`${name}: maximum ${MOST_TOPIC_FILTERS} topic filters`);
  }
  return value.map((segments) => readSegments(segments, name));
}

function readSegments(value: unknown, name: string): readonly string[] {
  const segments: unknown[] = Array.isArray(value) ? value : [];
  const isTail = segments.at(-1) === "**";
  const length = segments.length - (isTail ? 1 : 0);
  if (segments.length === 0 || length > MOST_SEGMENTS) {
    throw invalidParams(`${name}: a topic filter has 1 to ${MOST_SEGMENTS} segments`);
  }
  const isValid = segments.every(
    (segment, at) =>
      segment === "*" ||
      (isTail && at === length) ||
      (typeof segment === "string" && isScVal(segment)),
  );
  if (!isValid) throw invalidParams(`${name}: a topic segment is "*" or a value in base64 XDR`);
  return segments as string[];
}

function isScVal(text: string): boolean {
  return xdr.ScVal.validateXdr(text, "base64");
}

function matchesTopics(topics: readonly string[], segments: readonly string[]): boolean {
  const isTail = segments.at(-1) === "**";
  const wanted = isTail ? segments.slice(0, -1) : segments;
  if (isTail ? topics.length < wanted.length : topics.length !== wanted.length) return false;
  return wanted.every((segment, at) => segment === "*" || segment === topics[at]);
}
