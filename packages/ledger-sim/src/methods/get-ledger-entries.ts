import { xdr } from "@stellar/stellar-sdk";
import { type Entry, entryId, isTemporary } from "../entries/entry.ts";
import { ledgerEntryDataBytes } from "../entries/entry-xdr.ts";
import { base64 } from "../entries/xdr-cache.ts";
import { invalidParams } from "../json-rpc.ts";
import { type Method, readView } from "./method.ts";

const MOST_KEYS = 200;
const NO_EXTENSION = xdr.LedgerEntryExt.v0().toXdr("base64");

/**
 * Answers the entries that exist, in the order asked. An archived entry is answered with a
 * `liveUntilLedgerSeq` of 0, as the network does; an expired temporary one is gone.
 */
export const getLedgerEntries: Method = ({ keys }, context) => {
  if (!Array.isArray(keys) || keys.length === 0) throw invalidParams("keys must be a list");
  if (keys.length > MOST_KEYS) {
    throw invalidParams(`key count (${keys.length}) exceeds maximum supported (${MOST_KEYS})`);
  }
  const decoded = keys.map(decodeKey);
  const { latest, state } = readView(context);
  const entries = decoded.flatMap(({ key, text }) => {
    const entry = state.find(entryId(key));
    const liveUntil = entry?.kind === "soroban" ? entry.liveUntil : undefined;
    const isExpired = liveUntil !== undefined && liveUntil < latest.sequence;
    if (!entry || (isExpired && isTemporary(key))) return [];
    return [describe(entry, text, isExpired ? 0 : liveUntil)];
  });
  return { entries, latestLedger: latest.sequence };
};

function describe(entry: Entry, key: string, liveUntilLedgerSeq: number | undefined) {
  return {
    key,
    xdr: base64(ledgerEntryDataBytes(entry)),
    lastModifiedLedgerSeq: entry.lastModified,
    ...(liveUntilLedgerSeq !== undefined && { liveUntilLedgerSeq }),
    extXdr: NO_EXTENSION,
  };
}

function decodeKey(text: unknown, index: number): { key: xdr.LedgerKey; text: string } {
  if (typeof text !== "string") throw invalidParams(`key ${index} is not text`);
  const key = parseKey(text, index);
  if (key.type === "ttl") throw invalidParams("ledger ttl entries cannot be queried directly");
  return { key, text };
}

function parseKey(text: string, index: number): xdr.LedgerKey {
  try {
    return xdr.LedgerKey.fromXdr(text, "base64");
  } catch {
    throw invalidParams(`cannot unmarshal key value ${text} at index ${index}`);
  }
}
