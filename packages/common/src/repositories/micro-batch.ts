/** What became of one item: its result, or the error that its caller shall see. */
export type Settled<Result> = { readonly value: Result } | { readonly error: unknown };

interface MicroBatchOptions<Item, Result> {
  /** Items of one batch at most. */
  maxItems: number;
  /** Equal keys never share a batch: the later twins are told what became of the first. */
  keyOf: (item: Item) => string;
  /**
   * Works on one batch, in order of arrival; one result per item, in the same order. When it throws,
   * all items of the batch fail with that error.
   */
  process: (items: readonly Item[]) => Promise<readonly Settled<Result>[]>;
  /** What a twin is told; undefined: it must be worked on itself. */
  resultForTwin: (first: Result) => Result | undefined;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  readonly twins: Waiting<Item, Result>[];
}

/**
 * Gathers concurrent calls into batches: one batch is under way, the next one collects meanwhile.
 * An idle one sends at once, with what was asked for in the same turn.
 */
export class MicroBatch<Item, Result> {
  readonly #options: MicroBatchOptions<Item, Result>;
  /** In order of arrival; who has the same key waits with the first of them. */
  readonly #queue = new Map<string, Waiting<Item, Result>>();
  #isRunning = false;

  constructor(options: MicroBatchOptions<Item, Result>) {
    this.#options = options;
  }

  async run(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ item, resolve, reject, twins: [] });
      if (this.#isRunning) return;
      this.#isRunning = true;
      queueMicrotask(() => void this.#drain());
    });
  }

  #enqueue(waiting: Waiting<Item, Result>): void {
    const key = this.#options.keyOf(waiting.item);
    const first = this.#queue.get(key);
    if (first === undefined) this.#queue.set(key, waiting);
    else first.twins.push(waiting);
  }

  async #drain(): Promise<void> {
    while (this.#queue.size > 0) await this.#runBatch(this.#take());
    this.#isRunning = false;
  }

  #take(): Waiting<Item, Result>[] {
    const taken: Waiting<Item, Result>[] = [];
    for (const [key, waiting] of this.#queue) {
      if (taken.length === this.#options.maxItems) break;
      taken.push(waiting);
      this.#queue.delete(key);
    }
    return taken;
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const items = batch.map(({ item }) => item);
    const results = await this.#process(items);
    for (const [index, waiting] of batch.entries()) {
      this.#settle(waiting, results[index] ?? { error: new Error("a batch lost an item") });
    }
  }

  async #process(items: readonly Item[]): Promise<readonly Settled<Result>[]> {
    try {
      return await this.#options.process(items);
    } catch (error) {
      return items.map(() => ({ error }));
    }
  }

  #settle(waiting: Waiting<Item, Result>, settled: Settled<Result>): void {
    if ("error" in settled) waiting.reject(settled.error);
    else waiting.resolve(settled.value);
    const forTwin = "error" in settled ? undefined : this.#options.resultForTwin(settled.value);
    for (const twin of waiting.twins) {
      if (forTwin === undefined) this.#enqueue(twin);
      else twin.resolve(forTwin);
    }
  }
}
