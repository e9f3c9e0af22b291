import { type KeyedRecord, keyText, type RecordKey, type RecordSide } from "./record-side.ts";

interface MirrorOptions<Row extends object> {
  /** The side that decides. */
  from: () => RecordSide<Row>;
  to: () => RecordSide<Row>;
  /** Keys at most that wait to be copied again. */
  maxRepairs: number;
  /** What the other side refused with. */
  onRefused: (error: unknown) => void;
  /** Whether it cannot be reached at all. */
  isAway: (error: unknown) => boolean;
  /** How long an operation waits for its copy; how long a refused one is left alone. */
  waitMs?: number;
  retryMs?: number;
}

interface Queued {
  readonly key: RecordKey;
  readonly end: PromiseWithResolvers<boolean>;
}

const BATCH = 200;
const WAIT_MS = 1_000;
const RETRY_MS = 500;

/**
 * Keeps the other side equal: copies records as they are now on the side that decides, one batch after
 * the other, so that the last copy of a record is always of its latest state. What is refused waits
 * for repair; nothing is told to whoever wrote it.
 */
export class Mirror<Row extends object> {
  readonly #options: MirrorOptions<Row>;
  readonly #queue = new Map<string, Queued>();
  readonly #repairs = new Map<string, RecordKey>();
  #working: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Nobody waits for a side that is away. */
  #isAway = false;
  #hasOverflowed = false;

  constructor(options: MirrorOptions<Row>) {
    this.#options = options;
  }

  /** How many records wait to be copied again. */
  get repairs(): number {
    return this.#repairs.size;
  }

  /** Whether there were more than fit: only another backfill makes the sides equal then. */
  get hasOverflowed(): boolean {
    return this.#hasOverflowed;
  }

  /** A backfill begins: it copies what was left out. */
  forgetOverflow(): void {
    this.#hasOverflowed = false;
  }

  /** False when one of them was not copied in time: it will be. */
  async copy(keys: readonly RecordKey[]): Promise<boolean> {
    if (keys.length === 0) return true;
    if (this.#isAway) {
      for (const key of keys) this.#repairLater(key);
      return false;
    }
    const ends = keys.map((key) => this.#enqueue(key));
    this.#work();
    const { promise: bound, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), this.#options.waitMs ?? WAIT_MS);
    try {
      const all = Promise.all(ends).then((copied) => copied.every(Boolean));
      return await Promise.race([all, bound]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until nothing is on its way; true when nothing waits for repair either. */
  async flush(): Promise<boolean> {
    while (this.#working !== undefined) await this.#working;
    return this.#repairs.size === 0 && !this.#hasOverflowed;
  }

  /** Drops what waits, for sides that are copied no more. */
  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (const { end } of this.#queue.values()) end.resolve(false);
    this.#queue.clear();
    await this.flush();
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#repairs.clear();
    this.#hasOverflowed = false;
    this.#isAway = false;
  }

  #enqueue(key: RecordKey): Promise<boolean> {
    const text = keyText(key);
    const queued = this.#queue.get(text) ?? { key, end: Promise.withResolvers<boolean>() };
    this.#queue.set(text, queued);
    return queued.end.promise;
  }

  #work(): void {
    this.#working ??= this.#drain().finally(() => {
      this.#working = undefined;
      if (this.#queue.size > 0) this.#work();
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.size > 0) {
      const batch = [...this.#queue].slice(0, BATCH);
      for (const [text] of batch) this.#queue.delete(text);
      await this.#copyBatch(batch.map(([, queued]) => queued));
    }
  }

  async #copyBatch(batch: readonly Queued[]): Promise<void> {
    try {
      await this.#write(batch);
      this.#isAway = false;
      for (const { key, end } of batch) {
        this.#repairs.delete(keyText(key));
        end.resolve(true);
      }
    } catch (error) {
      this.#isAway = this.#options.isAway(error);
      // One record may be to blame: the others are copied without it.
      if (batch.length > 1 && !this.#isAway) {
        for (const queued of batch) await this.#copyBatch([queued]);
        return;
      }
      this.#options.onRefused(error);
      for (const { key, end } of batch) {
        this.#repairLater(key);
        end.resolve(false);
      }
    }
  }

  async #write(batch: readonly Queued[]): Promise<void> {
    const keys = batch.map(({ key }) => key);
    const records = await this.#options.from().read(keys);
    await this.#options
      .to()
      .write(keys.map((key, index): KeyedRecord<Row> => ({ key, record: records[index] })));
  }

  #repairLater(key: RecordKey): void {
    const text = keyText(key);
    if (this.#repairs.size >= this.#options.maxRepairs && !this.#repairs.has(text)) {
      this.#hasOverflowed = true;
    } else {
      this.#repairs.set(text, key);
    }
    this.#retry ??= setTimeout(() => this.#retryRepairs(), this.#options.retryMs ?? RETRY_MS);
    this.#retry.unref();
  }

  #retryRepairs(): void {
    this.#retry = undefined;
    for (const key of [...this.#repairs.values()].slice(0, BATCH)) void this.#enqueue(key);
    this.#work();
    void this.#working?.then(() => this.#keepRetrying());
  }

  #keepRetrying(): void {
    if (this.#repairs.size === 0) return;
    this.#retry ??= setTimeout(() => this.#retryRepairs(), this.#options.retryMs ?? RETRY_MS);
    this.#retry.unref();
  }
}
