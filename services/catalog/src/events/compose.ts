import type { DomainEvent } from "@orrery/common/contracts/events";
import { createBusMetrics } from "@orrery/common/events/bus/bus-observer";
import { CONSUMED_TYPES, type ConsumerGroup } from "@orrery/common/events/bus/consumer-groups";
import type { EventBus } from "@orrery/common/events/bus/event-bus";
import { MemoryEventBus } from "@orrery/common/events/bus/event-bus.memory";
import { RedisEventBus } from "@orrery/common/events/bus/event-bus.redis";
import { EventConsumer, type EventHandler } from "@orrery/common/events/bus/event-consumer";
import { EventPublisher } from "@orrery/common/events/bus/event-publisher";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { isOutage } from "@orrery/common/repositories/database";
import type { CatalogConfig } from "../config.ts";
import type { Persistence } from "../persistence/compose.ts";
import { DeadLetterService } from "./dead-letter-service.ts";

export interface EventsOptions {
  readonly config: CatalogConfig;
  readonly persistence: Pick<Persistence, "eventLog" | "deadLetters">;
  readonly handlers: Readonly<Record<ConsumerGroup, EventHandler>>;
  readonly registry: MetricsRegistry;
  readonly onError: (error: unknown) => void;
}

export interface Events {
  /** A relay of this instance has taken these. */
  relayed(events: readonly DomainEvent[]): void;
  readonly deadLetters: DeadLetterService;
  start(): void;
  /** Before the database is closed. */
  close(): Promise<void>;
}

/** Applied events are known for twice as long: see DeadLetterRepository. */
const KEEP_LETTERS_MS = 30 * 86_400_000;
const PRUNE_INTERVAL_MS = 3_600_000;
const steadyClock = () => performance.now();

/** The event bus: what fills it from the log, and who consumes. */
export function composeEvents(options: EventsOptions): Events {
  const { config, persistence, handlers, onError } = options;
  const { eventLog, deadLetters } = persistence;
  const bus = openBus(config, onError);
  const observer = createBusMetrics(options.registry);
  const groups = Object.entries(handlers) as [ConsumerGroup, EventHandler][];
  const consumers = groups.map(
    ([group, handle]) =>
      new EventConsumer({
        bus,
        group,
        handle,
        deadLetters,
        isOutage,
        retryAfterMs: config.EVENT_RETRY_AFTER_MS,
        maxDeliveries: config.EVENT_MAX_DELIVERIES,
        clock: steadyClock,
        observer,
        onError,
      }),
  );
  const publisher = new EventPublisher({
    bus,
    log: eventLog,
    clock: steadyClock,
    observer,
    onPublished: () => consumers.forEach((consumer) => consumer.nudge()),
    onError,
  });
  const pruner = new PeriodicTask({
    intervalMs: PRUNE_INTERVAL_MS,
    run: async () => void (await deadLetters.prune(KEEP_LETTERS_MS)),
    onError,
  });
  return {
    relayed: (events) => {
      if (events.some(({ type }) => CONSUMED_TYPES.includes(type))) publisher.nudge();
    },
    deadLetters: new DeadLetterService(deadLetters, handlers),
    start: () => {
      for (const task of [publisher, ...consumers, pruner]) task.start();
    },
    close: async () => {
      for (const task of [publisher, ...consumers, pruner]) await task.close();
      await bus.close();
    },
  };
}

/** Without Redis each instance has a bus of its own, filled from the same log. */
function openBus(config: CatalogConfig, onError: (error: unknown) => void): EventBus {
  const { REDIS_URL, EVENT_STREAM_MAX_LENGTH: maxLength } = config;
  if (REDIS_URL === undefined) return new MemoryEventBus({ clock: steadyClock, maxLength });
  return new RedisEventBus({ url: REDIS_URL, maxLength, onError });
}
