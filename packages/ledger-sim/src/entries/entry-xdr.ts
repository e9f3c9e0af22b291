import { Keypair, xdr } from "@stellar/stellar-sdk";
import { type AccountEntry, accountLedgerKey, type Entry, ledgerKeyBytes } from "./entry.ts";
import { scValBytes, sizeOfScVal } from "./sc-val-bytes.ts";
import { xdrU32 } from "./xdr-cache.ts";

const encoded = new WeakMap<Entry, { readonly data: Uint8Array; readonly whole: Uint8Array }>();

/** The XDR of the network's LedgerEntry, with the last-modified ledger; encoded once. */
export function ledgerEntryBytes(entry: Entry): Uint8Array {
  return encode(entry).whole;
}

/** The XDR of the network's LedgerEntryData; encoded once. */
export function ledgerEntryDataBytes(entry: Entry): Uint8Array {
  return encode(entry).data;
}

function encode(entry: Entry) {
  let known = encoded.get(entry);
  if (!known) {
    const data = dataBytes(entry);
    known = { data, whole: Buffer.concat([xdrU32(entry.lastModified), data, NO_EXTENSION]) };
    encoded.set(entry, known);
  }
  return known;
}

const NO_EXTENSION = xdrU32(0);
const CONTRACT_DATA = Buffer.concat([xdrU32(6), NO_EXTENSION]);

/**
 * Contract data repeats its key, all but the key's type: put together from parts that are encoded
 * already it takes a fraction of the time, and most entries are of this kind.
 */
function dataBytes(entry: Entry): Uint8Array {
  if (entry.kind === "account") return accountData(entry).toXdr();
  if (entry.data.type !== "contractData") return entry.data.toXdr();
  const key = ledgerKeyBytes(entry.key).subarray(4);
  return Buffer.concat([CONTRACT_DATA, key, scValBytes(entry.data.contractData.val)]);
}

/** What the entry takes of the ledger, in bytes: as long as its XDR. */
export function sizeOfEntry(entry: Entry): number {
  if (entry.kind === "account" || entry.data.type !== "contractData") {
    return ledgerEntryBytes(entry).length;
  }
  const key = ledgerKeyBytes(entry.key).length - 4;
  return 4 + CONTRACT_DATA.length + key + sizeOfScVal(entry.data.contractData.val) + 4;
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
