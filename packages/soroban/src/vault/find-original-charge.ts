import { nativeToScVal } from "@stellar/stellar-sdk/base";
import type { OriginalCharge } from "../outcome/decide-adoption.ts";
import type { ContractEventAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { decodeCharge } from "./decode-charge.ts";
import { ledgerOfCursor } from "./ledger-of-cursor.ts";
import type { VaultInterface } from "./vault-call.ts";

const PAGE = 100;
/** Retention is 120,960 ledgers and a page covers 10,000 of them; more pages mean a broken server. */
const MAX_PAGES = 64;

/**
 * Looks a marker's original charge up in the events of its vault, over all that the network still
 * has, and reads the transaction behind it.
 * @throws {RpcError}
 */
export async function findOriginalCharge(
  rpc: SorobanRpc,
  wanted: { readonly vaultContractId: string; readonly caller: string; readonly marker: string },
  vault: VaultInterface,
): Promise<OriginalCharge> {
  const search = await findEvent(rpc, wanted);
  if (search.event === undefined) {
    return { kind: "absent", oldestLedger: search.oldestLedger, latestLedger: search.latestLedger };
  }
  const { txHash, ledger } = search.event;
  const answer = await rpc.getTransaction(txHash);
  if (answer.status === "NOT_FOUND" && answer.oldestLedger > ledger) {
    return { kind: "absent", oldestLedger: answer.oldestLedger, latestLedger: answer.latestLedger };
  }
  if (answer.status === "NOT_FOUND" || answer.envelopeXdr === undefined) {
    return { kind: "unreadable", txHash };
  }
  const terms = decodeCharge(answer.envelopeXdr, wanted.marker, vault);
  if (terms === undefined || answer.status !== "SUCCESS") return { kind: "foreign", txHash };
  return { kind: "found", txHash, ledger: answer.ledger ?? ledger, terms };
}

interface EventSearch {
  readonly event?: ContractEventAnswer;
  readonly oldestLedger: number;
  readonly latestLedger: number;
}

async function findEvent(
  rpc: SorobanRpc,
  wanted: { readonly vaultContractId: string; readonly marker: string },
): Promise<EventSearch> {
  const filter = {
    contractId: wanted.vaultContractId,
    // Any caller: another caller's charge under our marker is a disagreement, not an absence.
    topics: [symbolXdr("deduct"), "*", symbolXdr(wanted.marker)],
    limit: PAGE,
  };
  const oldestLedger = await oldestEventLedger(rpc);
  let answer = await rpc.getEvents({ ...filter, startLedger: oldestLedger });
  for (let page = 1; page < MAX_PAGES; page += 1) {
    const event = answer.events.find((candidate) => candidate.inSuccessfulContractCall !== false);
    if (event !== undefined) return { event, oldestLedger, latestLedger: answer.latestLedger };
    const { cursor } = answer;
    if (cursor === undefined || ledgerOfCursor(cursor) >= answer.latestLedger) break;
    const next = await rpc.getEvents({ ...filter, cursor });
    if (next.cursor === cursor) break;
    answer = next;
  }
  return { oldestLedger, latestLedger: answer.latestLedger };
}

/** A look-up of no transaction tells the range that the server keeps. */
async function oldestEventLedger(rpc: SorobanRpc): Promise<number> {
  const { oldestLedger } = await rpc.getTransaction("0".repeat(64));
  return Math.max(1, oldestLedger);
}

function symbolXdr(text: string): string {
  return nativeToScVal(text, { type: "symbol" }).toXdr("base64");
}
