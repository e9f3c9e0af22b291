import { scValToNative, xdr } from "@stellar/stellar-sdk/base";
import { RpcError } from "../rpc/rpc-error.ts";
import type { ContractEventAnswer, EventsAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { ledgerOfCursor } from "../vault/ledger-of-cursor.ts";

/** An event as a contract announced it, its values as the SDK's native ones (i128: bigint). */
export interface ContractEvent {
  /** Of its place on the chain: equal whenever and from whomever it is read. */
  readonly id: string;
  readonly contractId: string;
  readonly ledger: number;
  readonly txHash: string;
  /** The place among its transaction's events. */
  readonly eventIndex: number;
  /** When the ledger closed; absent on servers that do not say. */
  readonly closedAt?: Date;
  readonly topics: readonly unknown[];
  readonly data: unknown;
}

/** From the first event of a ledger, or from behind what was read before. */
export type EventPosition = { readonly ledger: number } | { readonly cursor: string };

export interface EventsPage {
  readonly events: readonly ContractEvent[];
  /** Where the next page begins. */
  readonly cursor: string;
  /** The newest ledger that the page tells of, whole or in part. */
  readonly ledger: number;
  readonly latestLedger: number;
}

/** The network no longer tells of where the reading was to begin. */
export class EventsGoneError extends Error {
  readonly oldestLedger: number;

  constructor(wantedLedger: number, oldestLedger: number) {
    super(`events from ledger ${wantedLedger} on are asked for; the network keeps ${oldestLedger}`);
    this.name = "EventsGoneError";
    this.oldestLedger = oldestLedger;
  }
}

/**
 * A page of a contract's events in the chain's order, those of failed calls left out. Undefined: the
 * position lies behind the newest ledger.
 * @throws {EventsGoneError} @throws {RpcError}
 */
export async function readContractEvents(
  rpc: Pick<SorobanRpc, "getEvents" | "getTransaction">,
  contractId: string,
  position: EventPosition,
  limit: number,
): Promise<EventsPage | undefined> {
  const answer = await ask(rpc, contractId, position, limit);
  if (answer === undefined) return undefined;
  const { cursor, latestLedger } = answer;
  if (cursor === undefined) throw new RpcError("malformed", "getEvents", { detail: "no cursor" });
  const events = answer.events
    .filter((event) => event.inSuccessfulContractCall !== false)
    .map(eventOf);
  return { events, cursor, ledger: Math.min(ledgerOfCursor(cursor), latestLedger), latestLedger };
}

/** Servers refuse a position outside of what they keep; which side it is on they are asked for. */
async function ask(
  rpc: Pick<SorobanRpc, "getEvents" | "getTransaction">,
  contractId: string,
  position: EventPosition,
  limit: number,
): Promise<EventsAnswer | undefined> {
  const from = "ledger" in position ? { startLedger: position.ledger } : position;
  try {
    return await rpc.getEvents({ contractId, limit, ...from });
  } catch (error) {
    if (!(error instanceof RpcError) || error.kind !== "json_rpc") throw error;
    const wanted = "ledger" in position ? position.ledger : ledgerOfCursor(position.cursor);
    const { oldestLedger, latestLedger } = await rpc.getTransaction("0".repeat(64));
    if (wanted < oldestLedger) throw new EventsGoneError(wanted, oldestLedger);
    if (wanted > latestLedger) return undefined;
    throw error;
  }
}

function eventOf(event: ContractEventAnswer): ContractEvent {
  const { id, contractId, ledger, txHash, ledgerClosedAt } = event;
  const index = /-(\d{1,10})$/.exec(id ?? "")?.[1];
  if (id === undefined || index === undefined)
    throw new RpcError("malformed", "getEvents", { detail: "no event id" });
  const closedAt = new Date(ledgerClosedAt ?? Number.NaN);
  return {
    id,
    contractId,
    ledger,
    txHash,
    eventIndex: Number(index),
    ...(!Number.isNaN(closedAt.getTime()) && { closedAt }),
    topics: event.topic.map(valueOf),
    data: valueOf(event.value),
  };
}

function valueOf(valueXdr: string): unknown {
  try {
    return scValToNative(xdr.ScVal.fromXdr(valueXdr, "base64"));
  } catch (cause) {
    throw new RpcError("malformed", "getEvents", { detail: "a value is no XDR", cause });
  }
}
