import { compareKeys, type RecordKey } from "./record-side.ts";

/** The keys of a memory side in order. They are sorted once for every walk from the beginning. */
export class SortedKeys {
  readonly #list: () => readonly RecordKey[];
  #sorted: readonly RecordKey[] = [];

  constructor(list: () => readonly RecordKey[]) {
    this.#list = list;
  }

  /** As `RecordSide.listKeys`. */
  after(key: RecordKey | undefined, limit: number): readonly RecordKey[] {
    if (key === undefined) this.#sorted = this.#list().toSorted(compareKeys);
    const start = key === undefined ? 0 : this.#indexBehind(key);
    return this.#sorted.slice(start, start + limit);
  }

  #indexBehind(key: RecordKey): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#sorted[middle];
      if (candidate !== undefined && compareKeys(candidate, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
