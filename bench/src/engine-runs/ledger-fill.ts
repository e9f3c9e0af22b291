import { xdr } from "@stellar/stellar-sdk/base";
import type { BenchLedger } from "../world/ledger.ts";

/** Mainnet's limits on what the transactions of one ledger write. */
const LEDGER_WRITE_BYTES = 286_720;
const LEDGER_WRITE_ENTRIES = 1_000;

/** How full one ledger is with these transactions, 0 … 1, by the limit that is nearest. */
export async function ledgerFill(ledger: BenchLedger, hashes: readonly string[]): Promise<number> {
  let bytes = 0;
  let entries = 0;
  for (const hash of hashes) {
    const { envelopeXdr } = await ledger.call<{ envelopeXdr: string }>("getTransaction", { hash });
    const resources = resourcesOf(envelopeXdr);
    bytes += resources.writeBytes;
    entries += resources.footprint.readWrite.length;
  }
  return Math.max(bytes / LEDGER_WRITE_BYTES, entries / LEDGER_WRITE_ENTRIES);
}

function resourcesOf(envelopeXdr: string): xdr.SorobanResources {
  const envelope = xdr.TransactionEnvelope.fromXdr(envelopeXdr, "base64");
  if (envelope.type !== "envelopeTypeTx") throw new Error(`an envelope of type ${envelope.type}`);
  const { ext } = envelope.v1.tx;
  if (ext.type !== "sorobanData") throw new Error("a transaction without resources");
  return ext.sorobanData.resources;
}
