import type { CachedValue } from "./cached-value.ts";

export interface TierEntry {
  readonly value: CachedValue;
  readonly topic: string;
  readonly generation: bigint;
  /** Until then it is fresh, unless its topic is raised. */
  readonly expiresAtMs: number;
  /** Until then it may be served while it is computed anew. */
  readonly graceEndsAtMs: number;
}

/** What an entry weighs beside its body. */
const ENTRY_OVERHEAD_BYTES = 512;

/** Values of this process, least recently used out first, bounded in bytes. */
export class ValueTier {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, TierEntry>();
  readonly #keysByTopic = new Map<string, Set<string>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string): TierEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: TierEntry): void {
    this.delete(key);
    const bytes = weightOf(key, entry);
    if (bytes > this.#maxBytes) return;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
    this.#entries.set(key, entry);
    this.#bytes += bytes;
    const keys = this.#keysByTopic.get(entry.topic) ?? new Set<string>();
    this.#keysByTopic.set(entry.topic, keys.add(key));
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= weightOf(key, entry);
    const keys = this.#keysByTopic.get(entry.topic);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByTopic.delete(entry.topic);
  }

  /** Drops the topic's values that are older than the generation; all of them without one. */
  drop(topic: string, olderThan?: bigint): void {
    for (const key of this.#keysByTopic.get(topic) ?? []) {
      const entry = this.#entries.get(key);
      if (olderThan === undefined || (entry !== undefined && entry.generation < olderThan)) {
        this.delete(key);
      }
    }
  }
}

function weightOf(key: string, { value }: TierEntry): number {
  return value.body.length + 2 * key.length + ENTRY_OVERHEAD_BYTES;
}
