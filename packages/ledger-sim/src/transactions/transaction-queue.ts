import type { NetworkSettings } from "../ledger/network-settings.ts";
import {
  feeOperationsOf,
  feeSourceIdOf,
  fullFeeOf,
  inclusionFeeOf,
  type ReceivedTransaction,
} from "./envelope.ts";
import type { Verdict } from "./outcome.ts";
import type { TransactionSignatures } from "./transaction-signatures.ts";

export interface QueuedTransaction {
  readonly tx: ReceivedTransaction;
  readonly signatures: TransactionSignatures;
  /** Order of arrival. */
  readonly arrival: number;
  /** The network forgets it: it is never put into a ledger. */
  readonly isWithheld: boolean;
}

interface Slot extends QueuedTransaction {
  ageLedgers: number;
}

export type Admission =
  | { readonly status: "free"; readonly replaces: QueuedTransaction | undefined }
  | { readonly status: "DUPLICATE" | "TRY_AGAIN_LATER" }
  | { readonly status: "ERROR"; readonly verdict: Verdict };

/** A replacement must bid this many times the fee of what it replaces. */
const REPLACE_FACTOR = 10n;

/**
 * The transactions that wait for a ledger: one for each source account. What is not applied
 * within `pendingDepthLedgers` is dropped, and its hash refused for `banDepthLedgers`.
 */
export class TransactionQueue {
  readonly #settings: NetworkSettings;
  readonly #slots = new Map<string, Slot>();
  readonly #bans: Set<string>[] = [new Set()];
  #arrivals = 0;

  constructor(settings: NetworkSettings) {
    this.#settings = settings;
  }

  get size(): number {
    return this.#slots.size;
  }

  list(): readonly QueuedTransaction[] {
    return [...this.#slots.values()];
  }

  isBanned(hash: string): boolean {
    return this.#bans.some((bans) => bans.has(hash));
  }

  /** Whether there is room for the transaction, before its validity is looked at. */
  admit(tx: ReceivedTransaction): Admission {
    if (this.isBanned(tx.hash)) return { status: "TRY_AGAIN_LATER" };
    const isOuter = tx.feeBump !== undefined;
    if (fullFeeOf(tx) < 0n || inclusionFeeOf(tx) < 0n) {
      return { status: "ERROR", verdict: { code: "txMalformed", isOuter } };
    }
    const queued = this.#slots.get(tx.sourceId);
    if (queued) return this.#admitBeside(queued, tx);
    if (this.#slots.size >= this.#settings.queueCapacity) return { status: "TRY_AGAIN_LATER" };
    return { status: "free", replaces: undefined };
  }

  /** Fees that the account has promised to other transactions of the queue. */
  promisedFees(feeSourceId: string, except: QueuedTransaction | undefined): bigint {
    let sum = 0n;
    for (const slot of this.#slots.values()) {
      if (slot !== except && feeSourceIdOf(slot.tx) === feeSourceId) sum += fullFeeOf(slot.tx);
    }
    return sum;
  }

  add(tx: ReceivedTransaction, signatures: TransactionSignatures, isWithheld: boolean): void {
    const ageLedgers = this.#slots.get(tx.sourceId)?.ageLedgers ?? 0;
    this.#arrivals += 1;
    const slot = { tx, signatures, isWithheld, arrival: this.#arrivals, ageLedgers };
    this.#slots.set(tx.sourceId, slot);
  }

  removeApplied(applied: readonly QueuedTransaction[]): void {
    for (const { tx } of applied) {
      this.#slots.delete(tx.sourceId);
      if (this.#settings.bansAppliedHashes) this.#bans.at(-1)?.add(tx.hash);
    }
  }

  /** Drops a transaction that can no longer be applied, and refuses its hash for a while. */
  ban({ tx }: QueuedTransaction): void {
    this.#slots.delete(tx.sourceId);
    this.#bans.at(-1)?.add(tx.hash);
  }

  /** Ages the queue by one ledger. */
  shift(): void {
    this.#bans.push(new Set());
    if (this.#bans.length > this.#settings.banDepthLedgers) this.#bans.shift();
    for (const slot of this.#slots.values()) {
      slot.ageLedgers += 1;
      if (slot.ageLedgers >= this.#settings.pendingDepthLedgers) this.ban(slot);
    }
  }

  #admitBeside(queued: QueuedTransaction, tx: ReceivedTransaction): Admission {
    if (isDuplicate(queued.tx, tx)) return { status: "DUPLICATE" };
    const { seqNum } = tx.transaction;
    const queuedSeqNum = queued.tx.transaction.seqNum;
    if (seqNum < queuedSeqNum) {
      const verdict = { code: "txBadSeq", isOuter: tx.feeBump !== undefined } as const;
      return { status: "ERROR", verdict };
    }
    if (!tx.feeBump || seqNum !== queuedSeqNum) return { status: "TRY_AGAIN_LATER" };
    const least = leastReplacementFee(queued.tx, tx);
    if (inclusionFeeOf(tx) < least) {
      const feeStroops = least + (tx.sorobanData?.resourceFee ?? 0n);
      const verdict = { code: "txInsufficientFee", isOuter: true, feeStroops } as const;
      return { status: "ERROR", verdict };
    }
    return { status: "free", replaces: queued };
  }
}

/** The same transaction, or the inner one of the fee bump that waits. */
function isDuplicate(queued: ReceivedTransaction, tx: ReceivedTransaction): boolean {
  return queued.hash === tx.hash || (!tx.feeBump && queued.innerHash === tx.hash);
}

function leastReplacementFee(queued: ReceivedTransaction, tx: ReceivedTransaction): bigint {
  const wanted = inclusionFeeOf(queued) * REPLACE_FACTOR * feeOperationsOf(tx);
  const operations = feeOperationsOf(queued);
  return (wanted + operations - 1n) / operations;
}
