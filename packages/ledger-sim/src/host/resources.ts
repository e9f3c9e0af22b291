import type { xdr } from "@stellar/stellar-sdk";
import { sizeOfEntry } from "../entries/entry-xdr.ts";
import type { StateOverlay } from "../entries/ledger-state.ts";

/** What one call used of the network. Sizes are bytes. */
export interface ResourceUse {
  readonly instructions: number;
  readonly writeBytes: number;
  readonly diskReadBytes: number;
  readonly eventsBytes: number;
  /** For the time that new and restored entries are kept. */
  readonly rentStroops: bigint;
}

const FEE = {
  perTenThousandInstructions: 25n,
  perDiskReadEntry: 6_250n,
  perWriteEntry: 10_000n,
  perDiskReadKb: 1_786n,
  perWriteKb: 3_500n,
  perHistoryKb: 16_235n,
  perBandwidthKb: 1_624n,
  perEventsKb: 10_000n,
  rentPerKbAndTenThousandLedgers: 2_000n,
} as const;

/** History keeps a result of about this size beside the envelope. */
const RESULT_SIZE_BYTES = 300;

/** The part of the resource fee that follows from what is declared, never given back. */
export function nonRefundableFee(
  resources: xdr.SorobanResources,
  restoredEntries: number,
  envelopeSizeBytes: number,
): bigint {
  const { footprint, instructions, diskReadBytes, writeBytes } = resources;
  const classicReads = [...footprint.readOnly, ...footprint.readWrite].filter(
    (key) => key.type === "account" || key.type === "trustline",
  ).length;
  return (
    divideUp(BigInt(instructions) * FEE.perTenThousandInstructions, 10_000n) +
    BigInt(classicReads + restoredEntries) * FEE.perDiskReadEntry +
    BigInt(footprint.readWrite.length) * FEE.perWriteEntry +
    perKb(diskReadBytes, FEE.perDiskReadKb) +
    perKb(writeBytes, FEE.perWriteKb) +
    perKb(envelopeSizeBytes + RESULT_SIZE_BYTES, FEE.perHistoryKb) +
    perKb(envelopeSizeBytes, FEE.perBandwidthKb)
  );
}

/** The part that follows from what was used; what was paid beyond it is given back. */
export function refundableFee(use: ResourceUse): bigint {
  return perKb(use.eventsBytes, FEE.perEventsKb) + use.rentStroops;
}

export function rentFee(entryBytes: number, ledgers: number): bigint {
  return divideUp(
    BigInt(entryBytes) * BigInt(ledgers) * FEE.rentPerKbAndTenThousandLedgers,
    1024n * 10_000n,
  );
}

/** Sizes of what a call changed: the bytes written, and the rent of what is new. */
export function measureWrites(
  overlay: StateOverlay,
  ledger: number,
): { writeBytes: number; rentStroops: bigint } {
  let writeBytes = 0;
  let rentStroops = 0n;
  for (const { before, after } of overlay.differences()) {
    if (!after) continue;
    const size = sizeOfEntry(after);
    writeBytes += size;
    if (after.kind !== "soroban") continue;
    const paidUntil = before?.kind === "soroban" ? Math.max(before.liveUntil, ledger) : ledger;
    if (after.liveUntil > paidUntil) rentStroops += rentFee(size, after.liveUntil - paidUntil);
  }
  return { writeBytes, rentStroops };
}

function perKb(bytes: number, feePerKb: bigint): bigint {
  return divideUp(BigInt(bytes) * feePerKb, 1024n);
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
