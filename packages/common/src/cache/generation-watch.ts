import type { Clock } from "../contracts/clock.ts";
import { PeriodicTask } from "../events/periodic-task.ts";
import type { OutboxRepository, RaisedTopic } from "../repositories/outbox/outbox-repository.ts";

export interface GenerationWatchOptions {
  news: Pick<OutboxRepository, "readLatestGeneration" | "readNews">;
  clock: Clock;
  onRaised: (raised: readonly RaisedTopic[]) => void;
  onError: (error: unknown) => void;
}

const INTERVAL_MS = 500;
/** The bound: without news of what was written longer ago, nothing is known to be fresh. */
const BLIND_AFTER_MS = 1_000;
/** Relays are stuck when a write waits longer: half of the bound, since the next look is as far off. */
const MAX_QUEUED_MS = 500;

/**
 * Looks at the changed generations every 500 ms, and knows for how long the instance may believe
 * its caches. It also knows which of this instance's own writes no relay has taken yet.
 */
export class GenerationWatch {
  readonly #options: GenerationWatchOptions;
  readonly #task: PeriodicTask;
  readonly #ownWrites = new Map<string, { sequence: bigint; afterLook: number }>();
  #since: bigint | undefined;
  #looks = 0;
  #seenAtMs = Number.NEGATIVE_INFINITY;
  #queuedForMs = 0;

  constructor(options: GenerationWatchOptions) {
    this.#options = options;
    this.#task = new PeriodicTask({
      intervalMs: INTERVAL_MS,
      run: () => this.look(),
      onError: options.onError,
    });
  }

  /** Begins to watch; from then on caches may be believed. */
  async start(): Promise<void> {
    await this.look();
    this.#task.start();
  }

  close(): Promise<void> {
    return this.#task.close();
  }

  /**
   * False: the instance cannot know whether what it holds is old, and must not serve it. A write that
   * the last look saw in the queue has waited since then too.
   */
  get isSighted(): boolean {
    const ageMs = this.#options.clock() - this.#seenAtMs;
    return ageMs + this.#queuedForMs <= BLIND_AFTER_MS && this.#queuedForMs <= MAX_QUEUED_MS;
  }

  /** How long the oldest write has waited for a relay, at the last look. */
  get queuedForMs(): number {
    return this.#queuedForMs;
  }

  /** Whether the topic has writes of this instance that its generation does not cover yet. */
  hasOwnWrites(topic: string): boolean {
    return this.#ownWrites.has(topic);
  }

  addOwnWrite(topic: string, sequence: bigint): void {
    const known = this.#ownWrites.get(topic)?.sequence ?? 0n;
    this.#ownWrites.set(topic, {
      sequence: sequence > known ? sequence : known,
      afterLook: this.#looks,
    });
  }

  async look(): Promise<void> {
    const { news: source, clock, onRaised } = this.#options;
    this.#looks += 1;
    const look = this.#looks;
    const startedAtMs = clock();
    this.#since ??= await source.readLatestGeneration();
    const news = await source.readNews(this.#since);
    for (const { generation } of news.changes) {
      if (generation > this.#since) this.#since = generation;
    }
    onRaised(news.changes);
    this.#forgetRelayed(look, news.oldestQueued);
    this.#queuedForMs = news.queuedForMs;
    this.#seenAtMs = startedAtMs;
  }

  /** Only by a look that began after the write: an earlier one may not have seen it queued. */
  #forgetRelayed(look: number, oldestQueued: bigint | undefined): void {
    for (const [topic, { sequence, afterLook }] of this.#ownWrites) {
      const isRelayed = oldestQueued === undefined || oldestQueued > sequence;
      if (look > afterLook && isRelayed) this.#ownWrites.delete(topic);
    }
  }
}
