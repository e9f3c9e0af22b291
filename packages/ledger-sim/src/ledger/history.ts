import type { NetworkSettings } from "./network-settings.ts";

/** A closed ledger; times in epoch seconds, hashes in hex. */
export interface LedgerRecord {
  readonly sequence: number;
  readonly closeTime: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly transactionSetHash: string;
  readonly transactionCount: number;
}

/** An applied transaction as it is answered: XDR in base64, hashes in hex. */
export interface TransactionRecord {
  readonly hash: string;
  readonly innerHash: string;
  readonly ledger: number;
  /** From 1 within its ledger. */
  readonly applicationOrder: number;
  readonly createdAt: number;
  readonly isSuccess: boolean;
  readonly isFeeBump: boolean;
  readonly isSoroban: boolean;
  readonly inclusionFeeStroops: string;
  readonly envelopeXdr: string;
  readonly resultXdr: string;
  readonly resultMetaXdr: string;
  /** By operation. */
  readonly contractEventsXdr: readonly (readonly string[])[];
  readonly diagnosticEventsXdr: readonly string[];
}

export interface EventRecord {
  readonly id: string;
  readonly ledger: number;
  readonly closedAt: number;
  readonly contractId: string;
  readonly transactionIndex: number;
  readonly operationIndex: number;
  readonly txHash: string;
  readonly topics: readonly string[];
  readonly value: string;
}

/** What one ledger adds to history. */
export interface ClosedLedger {
  readonly ledger: LedgerRecord;
  readonly transactions: readonly TransactionRecord[];
  readonly events: readonly EventRecord[];
}

/** What a record takes beside its XDR. */
const RECORD_BYTES = 500;

/** The closed ledgers within retention, with their transactions and events, oldest first. */
export class History {
  readonly #settings: NetworkSettings;
  readonly #ledgers: ClosedLedger[] = [];
  readonly #byHash = new Map<string, TransactionRecord>();
  #keptBytes = 0;

  constructor(settings: NetworkSettings) {
    this.#settings = settings;
  }

  get latest(): LedgerRecord {
    return this.#required(this.#ledgers.at(-1));
  }

  get oldest(): LedgerRecord {
    return this.#required(this.#ledgers[0]);
  }

  get isEmpty(): boolean {
    return this.#ledgers.length === 0;
  }

  /** By the hash of the envelope as sent, or by that of its inner transaction. */
  findTransaction(hash: string): TransactionRecord | undefined {
    return this.#byHash.get(hash);
  }

  findLedger(sequence: number): ClosedLedger | undefined {
    return this.#ledgers[sequence - (this.#ledgers[0]?.ledger.sequence ?? 0)];
  }

  /** The closed ledgers from `first` to `last`, both included, as far as they are kept. */
  *ledgers(first: number, last: number): Generator<ClosedLedger> {
    for (let sequence = first; sequence <= last; sequence += 1) {
      const closed = this.findLedger(sequence);
      if (closed) yield closed;
    }
  }

  append(closed: ClosedLedger): void {
    const expected = (this.#ledgers.at(-1)?.ledger.sequence ?? closed.ledger.sequence - 1) + 1;
    if (closed.ledger.sequence !== expected) {
      throw new Error(`ledger ${closed.ledger.sequence} where ${expected} follows`);
    }
    this.#ledgers.push(closed);
    for (const record of closed.transactions) {
      this.#byHash.set(record.hash, record);
      this.#byHash.set(record.innerHash, record);
    }
    this.#keptBytes += sizeOf(closed);
    while (this.#isOverfull()) this.#forgetOldest();
  }

  #isOverfull(): boolean {
    return (
      this.#ledgers.length > 1 &&
      (this.#ledgers.length > this.#settings.retentionLedgers ||
        this.#keptBytes > this.#settings.retainedBytes)
    );
  }

  #forgetOldest(): void {
    const forgotten = this.#ledgers.shift();
    if (!forgotten) return;
    for (const { hash, innerHash } of forgotten.transactions) {
      this.#byHash.delete(hash);
      this.#byHash.delete(innerHash);
    }
    this.#keptBytes -= sizeOf(forgotten);
  }

  #required(ledger: ClosedLedger | undefined): LedgerRecord {
    if (!ledger) throw new Error("no ledger has closed yet");
    return ledger.ledger;
  }
}

/** About what a closed ledger takes of memory: nearly all of it is XDR as text. */
function sizeOf({ transactions, events }: ClosedLedger): number {
  const lengths = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0);
  const ofTransactions = transactions.map(
    (record) =>
      lengths([record.envelopeXdr, record.resultXdr, record.resultMetaXdr]) +
      lengths(record.contractEventsXdr.flat()) +
      lengths(record.diagnosticEventsXdr),
  );
  const ofEvents = events.map((event) => lengths(event.topics) + event.value.length);
  return [...ofTransactions, ...ofEvents].reduce((sum, size) => sum + RECORD_BYTES + size, 0);
}
