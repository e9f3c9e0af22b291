import type { Clock } from "@orrery/common/contracts/clock";
import type { DomainEvent } from "@orrery/common/contracts/events";
import { uuidv7 } from "@orrery/common/contracts/id";
import type { Announcement } from "@orrery/common/repositories/outbox/outbox-repository";
import { topicsOf } from "./catalog-topics.ts";

type EventOf<Type extends DomainEvent["type"]> = Extract<DomainEvent, { type: Type }>;

export interface CatalogWritesOptions {
  clock: Clock;
  /** Told of each write that committed, before it is answered. */
  onCommitted: (topics: readonly string[], sequence: bigint) => void;
}

/** What every write of the catalog has in common: an event to announce, caches to make old. */
export class CatalogWrites {
  readonly clock: Clock;
  readonly #onCommitted: CatalogWritesOptions["onCommitted"];

  constructor({ clock, onCommitted }: CatalogWritesOptions) {
    this.clock = clock;
    this.#onCommitted = onCommitted;
  }

  now(): Date {
    return new Date(this.clock());
  }

  newId(): string {
    return uuidv7(this.clock());
  }

  announce<Type extends DomainEvent["type"]>(
    type: Type,
    tenantId: string,
    payload: EventOf<Type>["payload"],
  ): Announcement {
    const event = {
      id: this.newId(),
      type,
      tenantId,
      occurredAt: this.now(),
      payload,
    } as DomainEvent;
    return { event, topics: topicsOf(event) };
  }

  /** `sequence` undefined: the write was a repetition, and nothing is older than before. */
  committed({ topics }: Announcement, sequence: bigint | undefined): void {
    if (sequence !== undefined) this.#onCommitted(topics, sequence);
  }
}
