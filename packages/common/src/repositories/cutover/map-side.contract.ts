import { type KeyedRecord, keyText, type RecordKey } from "./record-side.ts";
import { SortedKeys } from "./sorted-keys.ts";
import type { MemorySide } from "./store-cutover.ts";

export interface TestRecord {
  readonly value: number;
}

export const testKey = (id: string): RecordKey => ({ kind: "thing", tenantId: "acme", id });

/** A side in a map, which may refuse what it is given. */
export class MapSide implements MemorySide<TestRecord> {
  readonly #records = new Map<string, KeyedRecord<TestRecord>>();
  readonly #keys = new SortedKeys(() => [...this.#records.values()].map(({ key }) => key));
  /** Thrown by writes that it says yes to. */
  refuse: (id: string) => Error | undefined = () => undefined;
  writes = 0;

  put(id: string, value: number): void {
    this.#records.set(keyText(testKey(id)), { key: testKey(id), record: { value } });
  }

  remove(id: string): void {
    this.#records.delete(keyText(testKey(id)));
  }

  get values(): Record<string, number> {
    const entries = [...this.#records.values()].map(({ key, record }) => [key.id, record?.value]);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }

  async listKeys(after: RecordKey | undefined, limit: number) {
    return this.#keys.after(after, limit);
  }

  async read(keys: readonly RecordKey[]) {
    return keys.map((key) => this.#records.get(keyText(key))?.record);
  }

  async write(records: readonly KeyedRecord<TestRecord>[]): Promise<void> {
    this.writes += 1;
    for (const { key } of records) {
      const error = this.refuse(key.id);
      if (error !== undefined) throw error;
    }
    for (const { key, record } of records) {
      if (record === undefined) this.remove(key.id);
      else this.put(key.id, record.value);
    }
  }

  clear(): void {
    this.#records.clear();
  }
}
