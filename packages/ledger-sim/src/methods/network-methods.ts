import { ledgerCloseMeta, ledgerHeader } from "../ledger/header-xdr.ts";
import type { LedgerRecord } from "../ledger/history.ts";
import type { Method } from "./method.ts";
import { readView } from "./method.ts";

const VERSION = "sim-1";

export const getHealth: Method = (_params, { ledger }) => ({
  status: "healthy",
  latestLedger: ledger.latest.sequence,
  latestLedgerCloseTime: String(ledger.latest.closeTime),
  oldestLedger: ledger.history.oldest.sequence,
  oldestLedgerCloseTime: String(ledger.history.oldest.closeTime),
  ledgerRetentionWindow: ledger.settings.retentionLedgers,
});

export const getNetwork: Method = (_params, { ledger, friendbotUrl }) => ({
  friendbotUrl,
  passphrase: ledger.settings.passphrase,
  protocolVersion: ledger.settings.protocolVersion,
});

/** Asked for again and again while it is the latest. */
const described = new WeakMap<LedgerRecord, object>();

export const getLatestLedger: Method = (_params, context) => {
  const { latest } = readView(context);
  const known = described.get(latest);
  if (known) return known;
  const { settings } = context.ledger;
  const description = {
    id: latest.hash,
    protocolVersion: settings.protocolVersion,
    sequence: latest.sequence,
    closeTime: String(latest.closeTime),
    headerXdr: ledgerHeader(latest, settings).toXdr("base64"),
    metadataXdr: ledgerCloseMeta(latest, settings).toXdr("base64"),
  };
  described.set(latest, description);
  return description;
};

export const getVersionInfo: Method = (_params, { ledger }) => {
  const { protocolVersion } = ledger.settings;
  return {
    version: VERSION,
    commitHash: "",
    buildTimestamp: "",
    captiveCoreVersion: VERSION,
    protocolVersion,
    commit_hash: "",
    build_timestamp: "",
    captive_core_version: VERSION,
    protocol_version: protocolVersion,
  };
};
