import { Keypair, xdr } from "@stellar/stellar-sdk";
import { type AccountEntry, accountLedgerKey, type Entry } from "./entry.ts";

/** The entry as the network's ledger entry, with its last-modified ledger. */
export function toLedgerEntry(entry: Entry): xdr.LedgerEntry {
  return new xdr.LedgerEntry({
    lastModifiedLedgerSeq: entry.lastModified,
    data: toLedgerEntryData(entry),
    ext: xdr.LedgerEntryExt.v0(),
  });
}

const encoded = new WeakMap<Entry, Uint8Array>();

/** The ledger entry's XDR, encoded once. */
export function ledgerEntryBytes(entry: Entry): Uint8Array {
  const known = encoded.get(entry);
  if (known) return known;
  const bytes = toLedgerEntry(entry).toXdr();
  encoded.set(entry, bytes);
  return bytes;
}

/** What the entry takes of the ledger, in bytes. */
export function sizeOfEntry(entry: Entry): number {
  return ledgerEntryBytes(entry).length;
}

export function toLedgerEntryData(entry: Entry): xdr.LedgerEntryData {
  return entry.kind === "account" ? accountData(entry) : entry.data;
}

export function ledgerKeyOf(entry: Entry): xdr.LedgerKey {
  return entry.kind === "account" ? accountLedgerKey(entry.accountId) : entry.key;
}

function accountData(account: AccountEntry): xdr.LedgerEntryData {
  const sequenceInfo = xdr.AccountEntryExtensionV2Ext.v3(
    new xdr.AccountEntryExtensionV3({
      ext: xdr.ExtensionPoint.v0(),
      seqLedger: account.sequenceLedger,
      seqTime: BigInt(account.sequenceTime),
    }),
  );
  const sponsorship = xdr.AccountEntryExtensionV1Ext.v2(
    new xdr.AccountEntryExtensionV2({
      numSponsored: 0,
      numSponsoring: 0,
      signerSponsoringIDs: [],
      ext: sequenceInfo,
    }),
  );
  return xdr.LedgerEntryData.account(
    new xdr.AccountEntry({
      accountId: Keypair.fromPublicKey(account.accountId).xdrAccountId(),
      balance: account.balance,
      seqNum: account.sequence,
      numSubEntries: 0,
      inflationDest: null,
      flags: 0,
      homeDomain: "",
      thresholds: Uint8Array.of(1, 0, 0, 0),
      signers: [],
      ext: xdr.AccountEntryExt.v1(
        new xdr.AccountEntryExtensionV1({
          liabilities: new xdr.Liabilities({ buying: 0n, selling: 0n }),
          ext: sponsorship,
        }),
      ),
    }),
  );
}
