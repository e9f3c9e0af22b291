import type { Clock } from "../../contracts/clock.ts";
import {
  type AnnouncedEvent,
  asDomainEvent,
  type DomainEvent,
  type EventType,
} from "../../contracts/events.ts";
import {
  type DeadLetterRepository,
  MAX_DETAIL_LENGTH,
} from "../../repositories/dead-letter/dead-letter-repository.ts";
import { PeriodicTask } from "../periodic-task.ts";
import type { BusObserver } from "./bus-observer.ts";
import { CONSUMER_GROUPS, type ConsumerGroup } from "./consumer-groups.ts";
import type { Delivery, EventBus, EventSubscription } from "./event-bus.ts";
import { OutageNotice } from "./outage-notice.ts";

/**
 * Applies an event once, however often it is given: it notes the event's id in the transaction of
 * its effect. Throws for what it could not do; then the event comes again.
 */
export type EventHandler = (event: DomainEvent) => Promise<"applied" | "duplicate">;

export interface EventConsumerOptions {
  bus: EventBus;
  group: ConsumerGroup;
  handle: EventHandler;
  deadLetters: Pick<DeadLetterRepository, "bury">;
  /** Whether it is not the event's fault, so that the delivery does not count. */
  isOutage: (error: unknown) => boolean;
  /** What a consumer was given and has not answered for is given out again after so long. */
  retryAfterMs: number;
  /** An event that failed so often is buried. */
  maxDeliveries: number;
  /** Steady milliseconds. */
  clock: Clock;
  observer: BusObserver;
  onError: (error: unknown) => void;
}

type Attempt = { readonly outcome: "applied" | "duplicate" } | { readonly fault: unknown };

const INTERVAL_MS = 250;
const BATCH_EVENTS = 100;
/** Every database call of a handler ends sooner; nothing may hold up a consumer for ever. */
const HANDLING_TIMEOUT_MS = 20_000;

/**
 * One consumer of a group: one event at a time, a topic's in their order, and what failed or was
 * left by a consumer that died later again. Every instance runs one.
 */
export class EventConsumer {
  readonly #options: EventConsumerOptions;
  readonly #subscriptions: readonly (readonly [EventType, EventSubscription])[];
  readonly #task: PeriodicTask;
  readonly #notice: OutageNotice;
  #recoveredAtMs = Number.NEGATIVE_INFINITY;
  #isClosing = false;

  constructor(options: EventConsumerOptions) {
    this.#options = options;
    const { bus, group } = options;
    this.#subscriptions = CONSUMER_GROUPS[group].map((topic) => [
      topic,
      bus.subscribe(group, topic),
    ]);
    this.#notice = new OutageNotice(options.onError);
    this.#task = new PeriodicTask({
      intervalMs: INTERVAL_MS,
      run: async () => {
        await this.consume();
        this.#notice.worked();
      },
      onError: (error) => this.#notice.failed(error),
    });
  }

  start(): void {
    this.#task.start();
  }

  /** There may be something to consume. */
  nudge(): void {
    this.#task.nudge();
  }

  /** Finishes the event at hand and gives back the others. */
  close(): Promise<void> {
    this.#isClosing = true;
    return this.#task.close();
  }

  /** Consumes until nothing is left that may be had now. @throws {Error} bus or database is away */
  async consume(): Promise<void> {
    const { clock, retryAfterMs } = this.#options;
    // Half the time, so that what is due waits half as long again at most.
    const isRecovering = clock() - this.#recoveredAtMs >= retryAfterMs / 2;
    if (isRecovering) this.#recoveredAtMs = clock();
    for (const [topic, subscription] of this.#subscriptions) {
      if (isRecovering) await this.#recover(topic, subscription);
      await this.#read(topic, subscription);
    }
  }

  /** One at a time: what consumers die of must not count as a delivery of those behind it. */
  async #recover(topic: EventType, subscription: EventSubscription): Promise<void> {
    let after = 0n;
    for (;;) {
      if (this.#isClosing) return;
      const { retryAfterMs } = this.#options;
      const { deliveries, missed } = await subscription.recover(1, retryAfterMs, after);
      this.#tellMissed(topic, missed);
      if (deliveries.length + missed === 0) return;
      await this.#work(topic, subscription, deliveries);
      // What fails now is not due again in this round.
      after = deliveries.at(-1)?.position ?? after;
    }
  }

  async #read(topic: EventType, subscription: EventSubscription): Promise<void> {
    for (;;) {
      if (this.#isClosing) return;
      const { deliveries, missed, behind } = await subscription.read(BATCH_EVENTS);
      this.#tellMissed(topic, missed);
      const { done, isWhole } = await this.#work(topic, subscription, deliveries);
      this.#options.observer.behind(this.#options.group, topic, Math.max(0, behind - done));
      if (!isWhole || deliveries.length < BATCH_EVENTS) return;
    }
  }

  /** Gives how many are done with, and whether all were tried: others were given back. */
  async #work(
    topic: EventType,
    subscription: EventSubscription,
    deliveries: readonly Delivery[],
  ): Promise<{ done: number; isWhole: boolean }> {
    const { clock, retryAfterMs } = this.#options;
    const startedMs = clock();
    // Without an answer, too, they are recovered; only later, and as deliveries that failed.
    const giveBackFrom = (index: number) =>
      subscription.giveBack(deliveries.slice(index)).catch(() => {});
    let done = 0;
    for (const [index, delivery] of deliveries.entries()) {
      // Others take over what lies untried for too long, and count it.
      const isLate = index > 0 && clock() - startedMs > retryAfterMs / 2;
      if (this.#isClosing || isLate) {
        await giveBackFrom(index);
        return { done, isWhole: false };
      }
      try {
        if (await this.#settle(topic, subscription, delivery)) done += 1;
      } catch (error) {
        await giveBackFrom(index);
        if (this.#isClosing) return { done, isWhole: false };
        throw error;
      }
    }
    return { done, isWhole: true };
  }

  /** False: it comes again. @throws {Error} what is not the event's fault */
  async #settle(
    topic: EventType,
    subscription: EventSubscription,
    delivery: Delivery,
  ): Promise<boolean> {
    const { group, observer, onError, maxDeliveries } = this.#options;
    const { event, deliveries, position } = delivery;
    const attempt = await this.#attempt(delivery);
    const isDead = "fault" in attempt && deliveries >= maxDeliveries;
    if ("fault" in attempt) {
      const cause = attempt.fault;
      onError(new Error(`${group} could not apply ${topic} ${position}`, { cause }));
      if (isDead && event !== undefined) await this.#bury(event, deliveries, cause);
    }
    const isDone = isDead || "outcome" in attempt;
    if (isDone) await subscription.acknowledge(delivery);
    const outcome = "outcome" in attempt ? attempt.outcome : isDead ? "dead" : "failed";
    observer.consumed(group, topic, outcome);
    return isDone;
  }

  /** @throws {Error} what is not the event's fault */
  async #attempt({ event, deliveries }: Delivery): Promise<Attempt> {
    const { handle, isOutage, maxDeliveries } = this.#options;
    if (event === undefined) return { fault: new Error("it is no event") };
    // It came back from its last delivery: consumers died of it.
    if (deliveries > maxDeliveries) return { fault: new Error("no consumer answered for it") };
    let known: DomainEvent;
    try {
      known = asDomainEvent(event);
    } catch (fault) {
      // Another release's. An instance of that one may be given it the next time.
      return { fault };
    }
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`it was not applied within ${HANDLING_TIMEOUT_MS} ms`)),
      HANDLING_TIMEOUT_MS,
    );
    try {
      return { outcome: await Promise.race([handle(known), late.promise]) };
    } catch (fault) {
      if (isOutage(fault)) throw fault;
      return { fault };
    } finally {
      clearTimeout(timer);
    }
  }

  async #bury(event: AnnouncedEvent, deliveries: number, cause: unknown): Promise<void> {
    const { group, deadLetters } = this.#options;
    const text = cause instanceof Error ? cause.message : String(cause);
    const detail = text.slice(0, MAX_DETAIL_LENGTH);
    await deadLetters.bury({ group, event, detail, deliveries });
  }

  #tellMissed(topic: EventType, missed: number): void {
    if (missed === 0) return;
    const { group, observer, onError } = this.#options;
    observer.missed(group, topic, missed);
    onError(new Error(`${group} was so far behind that it missed ${missed} of ${topic}`));
  }
}
