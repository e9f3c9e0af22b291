import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Changes } from "../entries/ledger-state.ts";
import type { ClosedLedger } from "../ledger/history.ts";
import type { Ledger, LedgerStore } from "../ledger/ledger.ts";
import { fromRecord, toRecord } from "./entry-record.ts";
import { readJournalLines } from "./journal-file.ts";
import type { ChangeRecord, JournalLine } from "./journal-line.ts";

const ENTRIES_PER_LINE = 1_000;
const COMPACT_AFTER_BYTES = 32 * 1024 * 1024;

/**
 * Keeps the network in one file: a snapshot, then a line for each ledger and each change since.
 * A line is written before anybody can read what it says, so a killed process loses nothing that
 * was answered. A fresh snapshot takes the file's place when it has grown, and on close.
 */
export class Journal implements LedgerStore {
  readonly #path: string;
  readonly #start: JournalLine;
  #unread: JournalLine[];
  #file: number;
  #grownBytes = 0;
  #snapshotBytes = 0;
  #ledger: Ledger | undefined;

  /** @throws when the file belongs to another network, or is damaged before its last line */
  constructor(path: string, passphrase: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#start = { kind: "start", version: 1, passphrase };
    this.#unread = readJournalLines(path);
    const [first] = this.#unread;
    if (first && (first.kind !== "start" || first.passphrase !== passphrase)) {
      throw new Error(`${path} belongs to another network`);
    }
    this.#file = openSync(path, "a");
    if (!first) this.#append(this.#start);
  }

  /** Brings an empty ledger to where the file ends. */
  replayInto(ledger: Ledger): void {
    for (const line of this.#unread) {
      if (line.kind === "ledger") {
        ledger.restore(line.closed, line.closed.ledger.sequence, fromChangeRecords(line.changes));
      } else if (line.kind === "changes") {
        ledger.restore(undefined, line.ledger, fromChangeRecords(line.changes));
      }
    }
    this.#unread = [];
    this.#ledger = ledger;
  }

  appendLedger(closed: ClosedLedger, changes: Changes): void {
    this.#compactWhenGrown();
    this.#append({ kind: "ledger", closed, changes: toChangeRecords(changes) });
  }

  appendChanges(ledger: number, changes: Changes): void {
    this.#compactWhenGrown();
    this.#append({ kind: "changes", ledger, changes: toChangeRecords(changes) });
  }

  close(): void {
    if (this.#ledger) this.#compact(this.#ledger);
    closeSync(this.#file);
  }

  #append(line: JournalLine): void {
    this.#grownBytes += write(this.#file, line);
  }

  #compactWhenGrown(): void {
    const isGrown = this.#grownBytes > Math.max(COMPACT_AFTER_BYTES, 2 * this.#snapshotBytes);
    if (isGrown && this.#ledger) this.#compact(this.#ledger);
  }

  /** Writes a snapshot beside the file and lets it take the file's place at once. */
  #compact(ledger: Ledger): void {
    const temporary = `${this.#path}.tmp`;
    const file = openSync(temporary, "w");
    let bytes = 0;
    for (const line of this.#snapshot(ledger)) bytes += write(file, line);
    fsyncSync(file);
    renameSync(temporary, this.#path);
    closeSync(this.#file);
    this.#file = file;
    this.#snapshotBytes = bytes;
    this.#grownBytes = 0;
  }

  *#snapshot(ledger: Ledger): Generator<JournalLine> {
    yield this.#start;
    const { sequence } = ledger.latest;
    let changes: ChangeRecord[] = [];
    for (const [id, entry] of ledger.entries()) {
      changes.push([id, toRecord(entry)]);
      if (changes.length < ENTRIES_PER_LINE) continue;
      yield { kind: "changes", ledger: sequence, changes };
      changes = [];
    }
    yield { kind: "changes", ledger: sequence, changes };
    for (const closed of ledger.history.ledgers(ledger.history.oldest.sequence, sequence)) {
      yield { kind: "ledger", closed, changes: [] };
    }
  }
}

function write(file: number, line: JournalLine): number {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written);
  }
  return bytes.length;
}

function toChangeRecords(changes: Changes): ChangeRecord[] {
  return [...changes].map(([id, entry]) => [id, entry ? toRecord(entry) : null]);
}

function fromChangeRecords(changes: readonly ChangeRecord[]): Changes {
  return new Map(changes.map(([id, record]) => [id, record ? fromRecord(record) : undefined]));
}
