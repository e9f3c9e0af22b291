import { xdr } from "@stellar/stellar-sdk";
import type { Entry } from "../entries/entry.ts";
import { ledgerEntryBytes } from "../entries/entry-xdr.ts";
import { base64 } from "../entries/xdr-cache.ts";
import { ledgerKeyFor } from "./ledger-key-of-data.ts";

/** An entry as it is kept: the network's own XDR, and how long a Soroban entry lives. */
export type EntryRecord =
  | {
      readonly accountId: string;
      readonly balance: string;
      readonly sequence: string;
      readonly sequenceLedger: number;
      readonly sequenceTime: number;
      readonly lastModified: number;
    }
  | { readonly xdr: string; readonly liveUntil: number };

export function toRecord(entry: Entry): EntryRecord {
  if (entry.kind === "soroban") {
    return { xdr: base64(ledgerEntryBytes(entry)), liveUntil: entry.liveUntil };
  }
  const { kind: _kind, balance, sequence, ...rest } = entry;
  return { ...rest, balance: balance.toString(), sequence: sequence.toString() };
}

export function fromRecord(record: EntryRecord): Entry {
  if ("xdr" in record) {
    const { data, lastModifiedLedgerSeq } = xdr.LedgerEntry.fromXdr(record.xdr, "base64");
    return {
      kind: "soroban",
      key: ledgerKeyFor(data),
      data,
      liveUntil: record.liveUntil,
      lastModified: lastModifiedLedgerSeq,
    };
  }
  const { balance, sequence, ...rest } = record;
  return { kind: "account", ...rest, balance: BigInt(balance), sequence: BigInt(sequence) };
}
