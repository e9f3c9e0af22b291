import type { Clock } from "../../contracts/clock.ts";
import type { EventType } from "../../contracts/events.ts";
import type { EventLogRepository } from "../../repositories/event-log/event-log-repository.ts";
import { PeriodicTask } from "../periodic-task.ts";
import type { BusObserver } from "./bus-observer.ts";
import { CONSUMED_TYPES } from "./consumer-groups.ts";
import type { EventBus } from "./event-bus.ts";
import { OutageNotice } from "./outage-notice.ts";

export interface EventPublisherOptions {
  bus: EventBus;
  log: EventLogRepository;
  /** Steady milliseconds. */
  clock: Clock;
  observer: BusObserver;
  /** Something was put on the bus. */
  onPublished?: () => void;
  onError: (error: unknown) => void;
}

/** The instance whose relay took an event publishes at once; this is for when it has died. */
const INTERVAL_MS = 2_000;
const BATCH_EVENTS = 100;
/** Of published events, in case the bus loses them. */
const KEEP_MS = 24 * 3_600_000;
const PRUNE_INTERVAL_MS = 3_600_000;

/**
 * Puts on the bus what the log holds behind the bus's own last position. Nothing else is remembered,
 * so that it makes no difference who publishes, how many do, what they were killed between, and
 * whether the bus was emptied: what it lacks is added, in order, and nothing twice.
 */
export class EventPublisher {
  readonly #options: EventPublisherOptions;
  readonly #task: PeriodicTask;
  readonly #notice: OutageNotice;
  readonly #lasts = new Map<EventType, bigint>();
  #prunedAtMs: number;
  #isClosing = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    this.#prunedAtMs = options.clock();
    this.#notice = new OutageNotice(options.onError);
    this.#task = new PeriodicTask({
      intervalMs: INTERVAL_MS,
      run: async () => {
        await this.publish();
        this.#notice.worked();
      },
      onError: (error) => this.#notice.failed(error),
    });
  }

  start(): void {
    this.#task.start();
    this.nudge();
  }

  /** There may be something to publish. */
  nudge(): void {
    this.#task.nudge();
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return this.#task.close();
  }

  /** Publishes until the bus holds what the log does. @throws {Error} the bus or the log is away */
  async publish(): Promise<void> {
    const failure = await this.#readLasts();
    // Only now: the log's heads are never behind what the bus was given.
    const heads = await this.#options.log.readHeads();
    for (const topic of CONSUMED_TYPES) this.#tell(topic, heads.get(topic) ?? 0n);
    if (failure !== undefined) throw failure;
    for (const topic of CONSUMED_TYPES) await this.#publish(topic, heads.get(topic) ?? 0n);
    await this.#prune();
  }

  /** Gives why the bus could not tell, so that what waits for it is counted all the same. */
  async #readLasts(): Promise<Error | undefined> {
    try {
      for (const topic of CONSUMED_TYPES) {
        this.#lasts.set(topic, await this.#options.bus.readLastPosition(topic));
      }
      return undefined;
    } catch (cause) {
      return new Error("the event bus cannot be reached", { cause });
    }
  }

  async #publish(topic: EventType, head: bigint): Promise<void> {
    const { bus, log, observer } = this.#options;
    if (this.#lastOf(topic) > head) {
      const { onError } = this.#options;
      onError(new Error(`the bus was filled from another log than this one: ${topic} begins anew`));
      await bus.drop(topic);
      this.#lasts.set(topic, 0n);
    }
    while (this.#lastOf(topic) < head && !this.#isClosing) {
      const events = await log.read(topic, this.#lastOf(topic), BATCH_EVENTS);
      if (events.length === 0) return;
      this.#lasts.set(topic, await bus.append(topic, events));
      observer.published(topic, events.length);
      this.#tell(topic, head);
      this.#options.onPublished?.();
    }
  }

  async #prune(): Promise<void> {
    const { clock, log } = this.#options;
    if (clock() - this.#prunedAtMs < PRUNE_INTERVAL_MS) return;
    this.#prunedAtMs = clock();
    for (const topic of CONSUMED_TYPES) await log.prune(topic, this.#lastOf(topic), KEEP_MS);
  }

  #lastOf(topic: EventType): bigint {
    return this.#lasts.get(topic) ?? 0n;
  }

  #tell(topic: EventType, head: bigint): void {
    const last = this.#lastOf(topic);
    this.#options.observer.unpublished(topic, head > last ? Number(head - last) : 0);
  }
}
