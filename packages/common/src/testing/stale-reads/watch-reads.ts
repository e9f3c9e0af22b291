import { setTimeout as delay } from "node:timers/promises";
import { SequenceCheck } from "./sequence-check.ts";

/** A number as an instance shows it, and whether a cache did (`hit`, `miss`, `bypass`). */
export interface Shown {
  readonly value: number;
  readonly cache: string;
}

/** A number of a deployment that every write raises by one, and the reads that show it. */
export interface WatchedNumber {
  readonly name: string;
  /** Resolves once the instance has acknowledged the write. */
  raise(instance: number): Promise<void>;
  readonly views: Readonly<Record<string, (instance: number) => Promise<Shown>>>;
}

export interface WatchOptions {
  readonly numbers: readonly WatchedNumber[];
  /** The names of the instances, in their order. */
  readonly instances: readonly string[];
  /** How long after an acknowledgement every instance must show it. */
  readonly boundMs: number;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Told of every acknowledged write. */
  readonly onWrite?: () => void;
}

export interface WatchReport {
  readonly writes: number;
  readonly reads: number;
  readonly readsByCache: Readonly<Record<string, number>>;
  /** Every read that showed too little or too much, the first hundred in words. */
  readonly staleReads: number;
  readonly faults: readonly string[];
}

/** Between two writes of a writer: long enough for values to be cached and read meanwhile. */
const WRITE_PAUSE_MS = 50;
/** Between two reads of a reader. */
const READ_PAUSE_MS = 20;
const MOST_FAULTS = 100;

/**
 * Writes to every instance and reads every view of each until the signal, checking each read. A
 * writer reads on his own instance right after each write. What a call throws ends the run.
 */
export async function watchReads(options: WatchOptions): Promise<WatchReport> {
  const { numbers, instances, boundMs } = options;
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const tally = { reads: 0, staleReads: 0, byCache: {} as Record<string, number> };
  const faults: string[] = [];
  const loops = numbers.flatMap((number) => {
    const check = new SequenceCheck(instances.length, boundMs);
    const read = async (view: string, instance: number) => {
      const askedAtMs = performance.now();
      const shown = await number.views[view]?.(instance);
      if (shown === undefined) throw new Error(`there is no view ${view}`);
      const fault = check.faultOf(instance, askedAtMs, shown.value);
      tally.reads += 1;
      tally.byCache[shown.cache] = (tally.byCache[shown.cache] ?? 0) + 1;
      if (fault === undefined) return;
      tally.staleReads += 1;
      if (faults.length >= MOST_FAULTS) return;
      faults.push(`${view} on ${instances[instance]} showed ${fault} (${shown.cache})`);
    };
    const views = Object.keys(number.views);
    return instances.flatMap((_name, instance) => [
      writeLoop(number, instance, check, { ...options, signal }, () =>
        Promise.all(views.map((view) => read(view, instance))),
      ),
      ...views.map((view) => readLoop(() => read(view, instance), signal)),
    ]);
  });
  const writes = await allOrNone(loops, failure);
  return {
    writes: writes.reduce((sum, count) => sum + count, 0),
    reads: tally.reads,
    readsByCache: tally.byCache,
    staleReads: tally.staleReads,
    faults,
  };
}

/** Ends all with the first that fails. */
async function allOrNone(loops: readonly Promise<number>[], failure: AbortController) {
  for (const loop of loops) loop.catch(() => failure.abort());
  await Promise.allSettled(loops);
  return Promise.all(loops);
}

/** Gives how many writes were acknowledged. */
async function writeLoop(
  { raise }: WatchedNumber,
  instance: number,
  check: SequenceCheck,
  { signal, onWrite }: WatchOptions,
  readOwn: () => Promise<unknown>,
): Promise<number> {
  let writes = 0;
  while (!signal.aborted) {
    check.begin();
    await raise(instance);
    check.acknowledge(instance, performance.now());
    writes += 1;
    onWrite?.();
    await readOwn();
    await delay(WRITE_PAUSE_MS);
  }
  return writes;
}

async function readLoop(read: () => Promise<void>, signal: AbortSignal): Promise<number> {
  while (!signal.aborted) {
    await read();
    await delay(READ_PAUSE_MS);
  }
  return 0;
}
