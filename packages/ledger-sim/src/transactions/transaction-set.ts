import { createHash } from "node:crypto";
import type { LedgerLimits } from "../ledger/network-settings.ts";
import { feeOperationsOf, inclusionFeeOf, isSoroban } from "./envelope.ts";
import type { QueuedTransaction } from "./transaction-queue.ts";

/** Picks what one ledger takes: the highest bids first, until its limits are reached. */
export function selectTransactions(
  candidates: readonly QueuedTransaction[],
  limits: LedgerLimits,
): QueuedTransaction[] {
  const left = { ...limits };
  return candidates.toSorted(byBid).filter((candidate) => takesItsShare(candidate, left));
}

type Remaining = { -readonly [K in keyof LedgerLimits]: number };

function takesItsShare({ tx }: QueuedTransaction, left: Remaining): boolean {
  if (!isSoroban(tx) || !tx.sorobanData) {
    const operations = tx.transaction.operations.length;
    if (left.classicOperations < operations) return false;
    left.classicOperations -= operations;
    return true;
  }
  const { instructions, writeBytes, footprint } = tx.sorobanData.resources;
  const writeEntries = footprint.readWrite.length;
  const isTooMuch =
    left.transactions < 1 ||
    left.instructions < instructions ||
    left.writeBytes < writeBytes ||
    left.writeEntries < writeEntries;
  if (isTooMuch) return false;
  left.transactions -= 1;
  left.instructions -= instructions;
  left.writeBytes -= writeBytes;
  left.writeEntries -= writeEntries;
  return true;
}

function byBid(a: QueuedTransaction, b: QueuedTransaction): number {
  const difference =
    inclusionFeeOf(b.tx) * feeOperationsOf(a.tx) - inclusionFeeOf(a.tx) * feeOperationsOf(b.tx);
  return difference === 0n ? a.arrival - b.arrival : difference > 0n ? 1 : -1;
}

export function transactionSetHash(
  previousHash: string,
  selected: readonly QueuedTransaction[],
): string {
  const hash = createHash("sha256").update(previousHash, "hex");
  for (const txHash of selected.map(({ tx }) => tx.hash).toSorted()) hash.update(txHash, "hex");
  return hash.digest("hex");
}

/**
 * The order in which a ledger applies its transactions. As on the network it follows from the
 * hashes, not from the arrival; `isReversed` gives the last arrival first.
 */
export function applicationOrder(
  selected: readonly QueuedTransaction[],
  setHash: string,
  isReversed: boolean,
): QueuedTransaction[] {
  if (isReversed) return selected.toSorted((a, b) => b.arrival - a.arrival);
  const rank = ({ tx }: QueuedTransaction) => shuffle(tx.hash, setHash);
  return selected.toSorted((a, b) => Buffer.compare(rank(a), rank(b)));
}

function shuffle(hash: string, setHash: string): Buffer {
  const mask = Buffer.from(setHash, "hex");
  return Buffer.from(hash, "hex").map((byte, at) => byte ^ (mask[at] ?? 0)) as Buffer;
}
