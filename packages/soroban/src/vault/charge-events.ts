import { nativeToScVal, scValToNative, xdr } from "@stellar/stellar-sdk/base";
import { RpcError } from "../rpc/rpc-error.ts";
import type { ContractEventAnswer, EventsAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { ledgerOfCursor } from "./ledger-of-cursor.ts";

/** A charge as its vault announced it. */
export interface ChargeEvent {
  readonly vaultContractId: string;
  readonly ledger: number;
  readonly txHash: string;
  /** Absent when the topic is no address. */
  readonly caller?: string;
  /** Absent when the charge was made without a request id. */
  readonly marker?: string;
  /** Absent when the event's data is not a vault's. */
  readonly amountStroops?: bigint;
}

export interface ChargeEventsRequest {
  readonly vaultContractId: string;
  readonly fromLedger: number;
  /** Included. */
  readonly toLedger: number;
}

const PAGE = 1_000;

/**
 * Every charge of a vault in a range of ledgers, one ledger at a time, in order; ledgers without one
 * are left out. Holds a page of events and no more. The range must lie within what the network keeps.
 * @throws {RpcError} also when the server is behind the range, or no longer has its beginning
 */
export async function* readChargeEvents(
  rpc: Pick<SorobanRpc, "getEvents">,
  { vaultContractId, fromLedger, toLedger }: ChargeEventsRequest,
): AsyncGenerator<ChargeEvent[]> {
  const filter = { contractId: vaultContractId, topics: [DEDUCT_TOPIC, "*", "*"], limit: PAGE };
  let answer = await rpc.getEvents({ ...filter, startLedger: fromLedger });
  let ledgerEvents: ChargeEvent[] = [];
  for (;;) {
    requireCovered(answer, fromLedger, toLedger);
    for (const event of answer.events) {
      if (event.ledger > toLedger) break;
      if (ledgerEvents[0] !== undefined && ledgerEvents[0].ledger !== event.ledger) {
        yield ledgerEvents;
        ledgerEvents = [];
      }
      if (event.inSuccessfulContractCall !== false) ledgerEvents.push(decodeChargeEvent(event));
    }
    if (isEnd(answer, toLedger)) break;
    const cursor = answer.cursor;
    answer = await rpc.getEvents({ ...filter, ...(cursor !== undefined && { cursor }) });
    if (answer.cursor === cursor) {
      throw new RpcError("malformed", "getEvents", { detail: "the cursor does not move" });
    }
  }
  if (ledgerEvents.length > 0) yield ledgerEvents;
}

/** The ledgers that the network still tells of; asked through a transaction that does not exist. */
export async function readRetention(
  rpc: Pick<SorobanRpc, "getTransaction">,
): Promise<{ readonly oldestLedger: number; readonly latestLedger: number }> {
  const { oldestLedger, latestLedger } = await rpc.getTransaction("0".repeat(64));
  return { oldestLedger, latestLedger };
}

const DEDUCT_TOPIC = nativeToScVal("deduct", { type: "symbol" }).toXdr("base64");

function requireCovered(answer: EventsAnswer, fromLedger: number, toLedger: number): void {
  if (answer.latestLedger < toLedger) {
    throw new RpcError("malformed", "getEvents", { detail: `behind ledger ${toLedger}` });
  }
  if (answer.oldestLedger !== undefined && answer.oldestLedger > fromLedger) {
    throw new RpcError("malformed", "getEvents", { detail: `without ledger ${fromLedger}` });
  }
}

/** A full page's cursor is its last event; otherwise it is where the server stopped looking. */
function isEnd({ events, cursor }: EventsAnswer, toLedger: number): boolean {
  if (events.some((event) => event.ledger > toLedger) || cursor === undefined) return true;
  return events.length < PAGE && ledgerOfCursor(cursor) >= toLedger;
}

/** What an event with the `deduct` topics says; what cannot be read is left out, never guessed. */
function decodeChargeEvent(event: ContractEventAnswer): ChargeEvent {
  const caller = decode(event.topic[1]);
  const marker = decode(event.topic[2]);
  const data = decode(event.value);
  const amount: unknown = Array.isArray(data) ? data[0] : undefined;
  return {
    vaultContractId: event.contractId,
    ledger: event.ledger,
    txHash: event.txHash,
    ...(typeof caller === "string" && { caller }),
    ...(typeof marker === "string" && { marker }),
    ...(typeof amount === "bigint" && { amountStroops: amount }),
  };
}

function decode(valueXdr: string | undefined): unknown {
  if (valueXdr === undefined) return undefined;
  try {
    return scValToNative(xdr.ScVal.fromXdr(valueXdr, "base64"));
  } catch {
    return undefined;
  }
}
