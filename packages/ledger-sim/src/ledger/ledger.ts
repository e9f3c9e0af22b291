import { createHash } from "node:crypto";
import type { xdr } from "@stellar/stellar-sdk";
import { type Entry, entryId } from "../entries/entry.ts";
import {
  type Changes,
  findAccount,
  LedgerState,
  STALE_DEPTH_LEDGERS,
  StateOverlay,
  type StateView,
} from "../entries/ledger-state.ts";
import { contractEvent } from "../host/invocation.ts";
import { newAccount } from "../transactions/classic-operations.ts";
import { feeSourceIdOf, fullFeeOf, type ReceivedTransaction } from "../transactions/envelope.ts";
import type { Verdict } from "../transactions/outcome.ts";
import { type QueuedTransaction, TransactionQueue } from "../transactions/transaction-queue.ts";
import { signaturesOf } from "../transactions/transaction-signatures.ts";
import { findFault, minimumBalance } from "../transactions/validity.ts";
import { vaultCodeEntry } from "../vault/vault-storage.ts";
import { closeLedger } from "./close-ledger.ts";
import { eventId } from "./event-id.ts";
import { ledgerHash } from "./header-xdr.ts";
import {
  type ClosedLedger,
  type EventRecord,
  History,
  type LedgerRecord,
  type TransactionRecord,
} from "./history.ts";
import { type LedgerFaults, NO_FAULTS } from "./ledger-faults.ts";
import type { NetworkSettings } from "./network-settings.ts";

export type Submission =
  | {
      readonly status: "PENDING" | "DUPLICATE" | "TRY_AGAIN_LATER";
      readonly tx: ReceivedTransaction;
    }
  | { readonly status: "ERROR"; readonly tx: ReceivedTransaction; readonly verdict: Verdict };

/** What a node that is at `latest` can answer from. */
export interface LedgerView {
  readonly latest: LedgerRecord;
  readonly oldest: LedgerRecord;
  readonly state: StateView;
  findTransaction(hash: string): TransactionRecord | undefined;
}

/** Is told of each change before anybody can read it, so that it can be kept. */
export interface LedgerStore {
  appendLedger(closed: ClosedLedger, changes: Changes): void;
  appendChanges(ledger: number, changes: Changes): void;
}

export interface LedgerOptions {
  readonly settings: NetworkSettings;
  /** Epoch milliseconds; close times are its seconds, and never go back. */
  readonly clock: () => number;
  readonly faults?: LedgerFaults;
  readonly store?: LedgerStore;
}

export interface Genesis {
  readonly accountIds: readonly string[];
  readonly balanceStroops: bigint;
}

/** Emitted events stand behind the transactions of their ledger, from this position on. */
const EMITTED_TRANSACTION_INDEX = 1_000_000;

/** The simulated chain: its state, its queue and its history. */
export class Ledger {
  readonly settings: NetworkSettings;
  readonly networkId: Uint8Array;
  readonly history: History;
  readonly #state = new LedgerState();
  readonly #queue: TransactionQueue;
  readonly #clock: () => number;
  readonly #faults: LedgerFaults;
  readonly #store: LedgerStore | undefined;
  readonly #listeners = new Set<(closed: ClosedLedger) => void>();
  #emitted: EventRecord[] = [];
  #oldestReadable = 0;

  constructor({ settings, clock, faults = NO_FAULTS, store }: LedgerOptions) {
    this.settings = settings;
    this.networkId = createHash("sha256").update(settings.passphrase).digest();
    this.history = new History(settings);
    this.#queue = new TransactionQueue(settings);
    this.#clock = clock;
    this.#faults = faults;
    this.#store = store;
  }

  get latest(): LedgerRecord {
    return this.history.latest;
  }

  get pendingCount(): number {
    return this.#queue.size;
  }

  entries(): IterableIterator<[string, Entry]> {
    return this.#state.entries();
  }

  /** Takes over what was kept of an earlier run; to be called before `begin`. */
  restore(closed: ClosedLedger | undefined, ledger: number, changes: Changes): void {
    this.#state.commit(ledger, changes);
    if (closed) this.history.append(closed);
    this.#oldestReadable = ledger;
  }

  /** Closes the first ledger where there is none, and creates the accounts that are missing. */
  begin({ accountIds, balanceStroops }: Genesis): void {
    if (this.history.isEmpty) {
      const first = this.#firstLedger();
      const code = vaultCodeEntry(0xffff_fffe, first.sequence);
      const changes = new Map([[entryId(code.key), code as Entry]]);
      this.#keep({ ledger: first, transactions: [], events: [] }, changes);
      this.#oldestReadable = first.sequence;
    }
    const overlay = new StateOverlay(this.#state);
    for (const accountId of accountIds) {
      if (findAccount(overlay, accountId)) continue;
      overlay.put(accountId, newAccount(accountId, balanceStroops, this.latest.sequence));
    }
    if (overlay.changes.size > 0) this.change(overlay);
  }

  /** What can be read now, or what a node that lags `lagLedgers` behind would still answer. */
  view(lagLedgers = 0): LedgerView {
    const lag = Math.min(lagLedgers, STALE_DEPTH_LEDGERS - 1);
    const oldest = Math.max(this.history.oldest.sequence, this.#oldestReadable);
    const sequence = Math.max(this.latest.sequence - lag, oldest);
    const latest = this.history.findLedger(sequence)?.ledger ?? this.latest;
    return {
      latest,
      oldest: this.history.oldest,
      state: this.#state.at(latest.sequence),
      findTransaction: (hash) => {
        const found = this.history.findTransaction(hash);
        return found && found.ledger <= latest.sequence ? found : undefined;
      },
    };
  }

  /** Offers a transaction to the network. */
  submit(tx: ReceivedTransaction): Submission {
    const admission = this.#queue.admit(tx);
    if (admission.status === "ERROR") return { ...admission, tx };
    if (admission.status !== "free") return { status: admission.status, tx };
    const signatures = signaturesOf(tx);
    const verdict =
      findFault(tx, signatures, this.#queueContext()) ??
      this.#findPromiseFault(tx, admission.replaces);
    if (verdict) return { status: "ERROR", tx, verdict };
    this.#queue.add(tx, signatures, this.#faults.takeDroppedTransaction());
    return { status: "PENDING", tx };
  }

  /** Closes one ledger: applies what waits, and drops what can no longer be applied. */
  close(): ClosedLedger {
    const previous = this.latest;
    const closeTime = Math.max(previous.closeTime, Math.floor(this.#clock() / 1000));
    const valid = this.#queue
      .list()
      .filter((queued) => !queued.isWithheld && this.#isValid(queued, closeTime, closeTime));
    const { closed, overlay, applied } = closeLedger(valid, {
      state: this.#state,
      settings: this.settings,
      previous,
      closeTime,
      faults: this.#faults,
      emitted: this.#emitted.map((event) => ({ ...event, closedAt: closeTime })),
    });
    this.#emitted = [];
    this.#keep(closed, overlay.changes);
    this.#queue.removeApplied(applied);
    this.#queue.shift();
    this.#banInvalid();
    for (const listener of this.#listeners) listener(closed);
    return closed;
  }

  /** Tells `listener` of each ledger once it has closed; gives what ends it. */
  onClosed(listener: (closed: ClosedLedger) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes entries outside of any transaction, from the current ledger on. */
  change(overlay: StateOverlay): void {
    this.#store?.appendChanges(this.latest.sequence, overlay.changes);
    this.#state.commit(this.latest.sequence, overlay.changes);
  }

  /** An overlay of the current state, to be given to `change`. */
  draft(): StateOverlay {
    return new StateOverlay(this.#state);
  }

  /** Puts an event that no transaction emitted into the next ledger. */
  emitEvent(contractId: string, topics: xdr.ScVal[], data: xdr.ScVal): EventRecord {
    const ledger = this.latest.sequence + 1;
    const transactionIndex = EMITTED_TRANSACTION_INDEX + this.#emitted.length;
    const id = eventId({ ledger, transactionIndex, operationIndex: 0, index: 0 });
    const body = contractEvent(contractId, topics, data).toXdr();
    const event: EventRecord = {
      id,
      ledger,
      closedAt: this.latest.closeTime,
      contractId,
      transactionIndex,
      operationIndex: 0,
      txHash: createHash("sha256").update(id).update(body).digest("hex"),
      topics: topics.map((topic) => topic.toXdr("base64")),
      value: data.toXdr("base64"),
    };
    this.#emitted.push(event);
    return event;
  }

  #keep(closed: ClosedLedger, changes: Changes): void {
    this.#store?.appendLedger(closed, changes);
    this.#state.commit(closed.ledger.sequence, changes);
    this.history.append(closed);
  }

  #queueContext() {
    const { sequence, closeTime } = this.latest;
    return {
      state: this.#state,
      settings: this.settings,
      ledger: sequence + 1,
      earliestCloseTime: closeTime,
      latestCloseTime: closeTime + 2 * this.settings.ledgerSeconds,
    };
  }

  #isValid(queued: QueuedTransaction, earliestCloseTime: number, latestCloseTime: number) {
    const context = { ...this.#queueContext(), earliestCloseTime, latestCloseTime };
    return !findFault(queued.tx, queued.signatures, context);
  }

  #banInvalid(): void {
    const { earliestCloseTime, latestCloseTime } = this.#queueContext();
    for (const queued of this.#queue.list()) {
      if (!this.#isValid(queued, earliestCloseTime, latestCloseTime)) this.#queue.ban(queued);
    }
  }

  /** The fee source must be able to pay all that it has promised in the queue. */
  #findPromiseFault(
    tx: ReceivedTransaction,
    replaces: QueuedTransaction | undefined,
  ): Verdict | undefined {
    const feeSourceId = feeSourceIdOf(tx);
    const promised = this.#queue.promisedFees(feeSourceId, replaces) + fullFeeOf(tx);
    const balance = findAccount(this.#state, feeSourceId)?.balance ?? 0n;
    if (balance - minimumBalance(this.settings) >= promised) return undefined;
    return { code: "txInsufficientBalance", isOuter: tx.feeBump !== undefined };
  }

  #firstLedger(): LedgerRecord {
    const header = {
      sequence: 1,
      closeTime: Math.floor(this.#clock() / 1000),
      previousHash: "0".repeat(64),
      transactionSetHash: "0".repeat(64),
    };
    return { ...header, hash: ledgerHash(header, this.settings), transactionCount: 0 };
  }
}
