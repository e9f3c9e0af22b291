import type { AccountEntry, Entry } from "./entry.ts";

/** What reads the entries of a ledger, current or past. */
export interface StateView {
  find(id: string): Entry | undefined;
}

export type Changes = ReadonlyMap<string, Entry | undefined>;

interface UndoRecord {
  readonly ledger: number;
  readonly before: Map<string, Entry | undefined>;
}

/** Ledgers back to which the state can still be read, for answers of a node that lags. */
export const STALE_DEPTH_LEDGERS = 5;

/** The entries of the last closed ledger, and of the few before it. */
export class LedgerState implements StateView {
  readonly #entries = new Map<string, Entry>();
  #undo: UndoRecord[] = [];

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  entries(): IterableIterator<[string, Entry]> {
    return this.#entries.entries();
  }

  /** Makes `changes` the state of `ledger`; an entry of `undefined` is deleted. */
  commit(ledger: number, changes: Changes): void {
    let record = this.#undo.at(-1);
    if (record?.ledger !== ledger) {
      record = { ledger, before: new Map() };
      this.#undo.push(record);
      if (this.#undo.length > STALE_DEPTH_LEDGERS) this.#undo.shift();
    }
    for (const [id, entry] of changes) {
      if (!record.before.has(id)) record.before.set(id, this.#entries.get(id));
      if (entry) this.#entries.set(id, entry);
      else this.#entries.delete(id);
    }
  }

  /** Reads the state as it was at the end of `ledger`, at most `STALE_DEPTH_LEDGERS` back. */
  at(ledger: number): StateView {
    const later = this.#undo.filter((record) => record.ledger > ledger);
    if (later.length === 0) return this;
    return {
      find: (id) => {
        const record = later.find(({ before }) => before.has(id));
        return record ? record.before.get(id) : this.#entries.get(id);
      },
    };
  }
}

/** Changes on top of a state that are committed together or thrown away. */
export class StateOverlay implements StateView {
  readonly changes = new Map<string, Entry | undefined>();
  readonly #base: StateView;

  constructor(base: StateView) {
    this.#base = base;
  }

  find(id: string): Entry | undefined {
    return this.changes.has(id) ? this.changes.get(id) : this.#base.find(id);
  }

  put(id: string, entry: Entry): void {
    this.changes.set(id, entry);
  }

  delete(id: string): void {
    this.changes.set(id, undefined);
  }

  absorb(overlay: StateOverlay): void {
    for (const [id, entry] of overlay.changes) this.changes.set(id, entry);
  }

  /** Each change with what stood there before. */
  *differences(): Generator<{ id: string; before: Entry | undefined; after: Entry | undefined }> {
    for (const [id, after] of this.changes) yield { id, before: this.#base.find(id), after };
  }
}

export function findAccount(state: StateView, accountId: string): AccountEntry | undefined {
  const entry = state.find(accountId);
  return entry?.kind === "account" ? entry : undefined;
}
