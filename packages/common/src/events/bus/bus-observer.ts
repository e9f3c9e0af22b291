import promClient from "@prometheus-io/client";
import type { EventType } from "../../contracts/events.ts";
import type { MetricsRegistry } from "../../observability/metrics.ts";

/** What became of a delivery: `failed` comes again, `dead` does not. */
export type Outcome = "applied" | "duplicate" | "failed" | "dead";

/** Told of what passes over the bus. */
export interface BusObserver {
  published(topic: EventType, events: number): void;
  unpublished(topic: EventType, events: number): void;
  consumed(group: string, topic: EventType, outcome: Outcome): void;
  missed(group: string, topic: EventType, events: number): void;
  behind(group: string, topic: EventType, events: number): void;
}

export function createBusMetrics(registry: MetricsRegistry): BusObserver {
  const registers = [registry];
  const published = new promClient.Counter({
    name: "events_published_total",
    help: "Events that were put on the bus.",
    labelNames: ["topic"],
    registers,
  });
  const unpublished = new promClient.Gauge({
    name: "events_unpublished",
    help: "Events in the log that are not on the bus, as of the last look.",
    labelNames: ["topic"],
    registers,
  });
  const consumed = new promClient.Counter({
    name: "events_consumed_total",
    help: "Deliveries by what became of them: applied, duplicate, failed or dead.",
    labelNames: ["group", "topic", "outcome"],
    registers,
  });
  const missed = new promClient.Counter({
    name: "events_missed_total",
    help: "Events that were trimmed from the bus before the group was done with them.",
    labelNames: ["group", "topic"],
    registers,
  });
  const behind = new promClient.Gauge({
    name: "events_unconsumed",
    help: "Events on the bus that the group has not acknowledged, as of the last look.",
    labelNames: ["group", "topic"],
    registers,
  });
  return {
    published: (topic, events) => published.inc({ topic }, events),
    unpublished: (topic, events) => unpublished.set({ topic }, events),
    consumed: (group, topic, outcome) => consumed.inc({ group, topic, outcome }),
    missed: (group, topic, events) => missed.inc({ group, topic }, events),
    behind: (group, topic, events) => behind.set({ group, topic }, events),
  };
}
