import { createHash } from "node:crypto";
import { xdr } from "@stellar/stellar-sdk";
import type { LedgerRecord } from "./history.ts";
import type { NetworkSettings } from "./network-settings.ts";

const NO_HASH = new Uint8Array(32);
const TOTAL_COINS = 500_018_068_120_000_000n;

type HeaderFields = Omit<LedgerRecord, "hash" | "transactionCount">;

/** The header of a closed ledger; bucket list and result hashes are zero, nothing reads them. */
export function ledgerHeader(record: HeaderFields, settings: NetworkSettings): xdr.LedgerHeader {
  return new xdr.LedgerHeader({
    ledgerVersion: settings.protocolVersion,
    previousLedgerHash: bytes(record.previousHash),
    scpValue: new xdr.StellarValue({
      txSetHash: bytes(record.transactionSetHash),
      closeTime: BigInt(record.closeTime),
      upgrades: [],
      ext: xdr.StellarValueExt.stellarValueBasic(),
    }),
    txSetResultHash: NO_HASH,
    bucketListHash: NO_HASH,
    ledgerSeq: record.sequence,
    totalCoins: TOTAL_COINS,
    feePool: 0n,
    inflationSeq: 0,
    idPool: 0n,
    baseFee: settings.baseFeeStroops,
    baseReserve: settings.baseReserveStroops,
    maxTxSetSize: settings.ledgerLimits.classicOperations,
    skipList: [NO_HASH, NO_HASH, NO_HASH, NO_HASH],
    ext: xdr.LedgerHeaderExt.v0(),
  });
}

export function ledgerHash(record: HeaderFields, settings: NetworkSettings): string {
  return createHash("sha256").update(ledgerHeader(record, settings).toXdr()).digest("hex");
}

export function ledgerHeaderEntry(
  record: LedgerRecord,
  settings: NetworkSettings,
): xdr.LedgerHeaderHistoryEntry {
  return new xdr.LedgerHeaderHistoryEntry({
    hash: bytes(record.hash),
    header: ledgerHeader(record, settings),
    ext: xdr.LedgerHeaderHistoryEntryExt.v0(),
  });
}

/** The close meta of a ledger, without its transactions: those are read one by one. */
export function ledgerCloseMeta(
  record: LedgerRecord,
  settings: NetworkSettings,
): xdr.LedgerCloseMeta {
  return xdr.LedgerCloseMeta.v2(
    new xdr.LedgerCloseMetaV2({
      ext: xdr.LedgerCloseMetaExt.v0(),
      ledgerHeader: ledgerHeaderEntry(record, settings),
      txSet: xdr.GeneralizedTransactionSet.v1TxSet(
        new xdr.TransactionSetV1({ previousLedgerHash: bytes(record.previousHash), phases: [] }),
      ),
      txProcessing: [],
      upgradesProcessing: [],
      scpInfo: [],
      totalByteSizeOfLiveSorobanState: 0n,
      evictedKeys: [],
    }),
  );
}

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
