import type { Clock } from "../../contracts/clock.ts";
import type {
  KeptEvent,
  RejectedEvent,
  RejectedEventRepository,
} from "./rejected-event-repository.ts";

export class MemoryRejectedEventRepository implements RejectedEventRepository {
  readonly #clock: Clock;
  readonly #events = new Map<string, KeptEvent>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async keep(event: RejectedEvent): Promise<void> {
    const key = keyOf(event.tenantId, event.eventId);
    const rejections = (this.#events.get(key)?.rejections ?? 0) + 1;
    this.#events.set(key, { ...event, rejections, rejectedAt: new Date(this.#clock()) });
  }

  async list(limit: number): Promise<readonly KeptEvent[]> {
    return [...this.#events.values()]
      .toSorted(
        (left, right) =>
          left.rejectedAt.getTime() - right.rejectedAt.getTime() ||
          (left.eventId < right.eventId ? -1 : 1),
      )
      .slice(0, limit);
  }

  async find(tenantId: string, eventId: string): Promise<KeptEvent | undefined> {
    return this.#events.get(keyOf(tenantId, eventId));
  }

  async drop(tenantId: string, eventId: string): Promise<boolean> {
    return this.#events.delete(keyOf(tenantId, eventId));
  }

  async prune(olderThanMs: number): Promise<number> {
    const beforeMs = this.#clock() - olderThanMs;
    const old = [...this.#events].filter(([, event]) => event.rejectedAt.getTime() < beforeMs);
    for (const [key] of old) this.#events.delete(key);
    return old.length;
  }
}

function keyOf(tenantId: string, eventId: string): string {
  return JSON.stringify([tenantId, eventId]);
}
