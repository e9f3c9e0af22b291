import { currentTally, QueryTally, tallying } from "../observability/database/query-tally.ts";

/** What became of one item: its result, or the error that its caller shall see. */
export type Settled<Result> = { readonly value: Result } | { readonly error: unknown };

interface MicroBatchOptions<Item, Result> {
  /** Items of one batch at most. */
  maxItems: number;
  /** Batches that are worked on at a time. */
  maxRunning: number;
  /** So many must wait for a batch to begin beside another; fewer wait for its end. 1 if left out. */
  minItemsBeside?: number;
  /** Equal keys are never worked on together: the later twins are told what became of the first. */
  keyOf: (item: Item) => string;
  /**
   * Items of one group lock the same rows: batches that run at a time have no group in common, so that
   * none waits for another's commit. Left out: nothing contends.
   */
  groupOf?: (item: Item) => string;
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
  /** Of the request that the item belongs to: it gets its share of the batch's statements. */
  readonly tally: QueryTally | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  readonly twins: Waiting<Item, Result>[];
}

/**
 * Gathers concurrent calls into batches: one is under way, or more when there is much to do, and the
 * next one collects meanwhile. An idle one sends at once, with all that the event loop has to hand.
 */
export class MicroBatch<Item, Result> {
  readonly #options: MicroBatchOptions<Item, Result>;
  /** Those that wait for a batch, in order of arrival. */
  #queue: Waiting<Item, Result>[] = [];
  /** The first of each key that waits or is worked on: who has the same key waits with it. */
  readonly #firsts = new Map<string, Waiting<Item, Result>>();
  #running = 0;
  /** Of the batches that run. */
  readonly #busyGroups = new Set<string>();
  #isStarting = false;

  constructor(options: MicroBatchOptions<Item, Result>) {
    this.#options = options;
  }

  run(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ item, tally: currentTally(), resolve, reject, twins: [] });
      this.#startSoon();
    });
  }

  #enqueue(waiting: Waiting<Item, Result>): void {
    const key = this.#options.keyOf(waiting.item);
    const first = this.#firsts.get(key);
    if (first !== undefined) {
      first.twins.push(waiting);
      return;
    }
    this.#firsts.set(key, waiting);
    this.#queue.push(waiting);
  }

  /** After what the event loop has read already: a batch of all those costs little more than one of one. */
  #startSoon(): void {
    if (this.#isStarting || !this.#mayStart()) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      this.#start();
    });
  }

  #mayStart(): boolean {
    const { maxRunning, minItemsBeside = 1 } = this.#options;
    if (this.#running >= maxRunning) return false;
    return this.#queue.length >= (this.#running === 0 ? 1 : minItemsBeside);
  }

  #start(): void {
    while (this.#mayStart()) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      this.#running += 1;
      void this.#runBatch(batch);
    }
  }

  /** The first of those that contend with no running batch; none when too few are left of them. */
  #takeBatch(): readonly Waiting<Item, Result>[] {
    const { maxItems, minItemsBeside = 1 } = this.#options;
    const batch: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    for (const waiting of this.#queue) {
      if (batch.length < maxItems && !this.#isBusy(waiting)) batch.push(waiting);
      else left.push(waiting);
    }
    if (this.#running > 0 && batch.length < minItemsBeside) return [];
    this.#queue = left;
    return batch;
  }

  #isBusy({ item }: Waiting<Item, Result>): boolean {
    const { groupOf } = this.#options;
    return groupOf !== undefined && this.#busyGroups.has(groupOf(item));
  }

  /** @returns its groups, which are busy from now on. */
  #occupy(batch: readonly Waiting<Item, Result>[]): ReadonlySet<string> {
    const { groupOf } = this.#options;
    const groups = new Set(groupOf === undefined ? [] : batch.map(({ item }) => groupOf(item)));
    for (const group of groups) this.#busyGroups.add(group);
    return groups;
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const groups = this.#occupy(batch);
    // What the batch sends belongs to all of it, not to whose context it happened to begin in.
    const tally = new QueryTally();
    const results = await tallying(tally, () => this.#process(batch.map(({ item }) => item)));
    for (const [own, items] of itemsByTally(batch)) own.addShareOf(tally, items, batch.length);
    this.#running -= 1;
    for (const group of groups) this.#busyGroups.delete(group);
    // The next batch is on its way before the callers of this one take up the event loop.
    this.#start();
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
    this.#firsts.delete(this.#options.keyOf(waiting.item));
    if ("error" in settled) waiting.reject(settled.error);
    else waiting.resolve(settled.value);
    const forTwin = "error" in settled ? undefined : this.#options.resultForTwin(settled.value);
    for (const twin of waiting.twins) {
      if (forTwin === undefined) this.#enqueue(twin);
      else twin.resolve(forTwin);
    }
    if (waiting.twins.length > 0) this.#startSoon();
  }
}

/** How many of the items belong to each request that counts; one may have sent many of them. */
function itemsByTally(batch: readonly { readonly tally: QueryTally | undefined }[]) {
  const items = new Map<QueryTally, number>();
  for (const { tally } of batch) {
    if (tally !== undefined) items.set(tally, (items.get(tally) ?? 0) + 1);
  }
  return items;
}
