import type { Clock } from "../../contracts/clock.ts";
import type { ConsumerGroup } from "../../events/bus/consumer-groups.ts";
import { storedJson, storedText } from "../calls/stored-json.ts";
import type { MemoryCatalog } from "../token/memory-catalog.ts";
import {
  type KeptEvent,
  type RejectedEvent,
  type RejectedEventRepository,
  type ReleasingEvent,
  wantedPool,
  wantedToken,
} from "./rejected-event-repository.ts";

interface Kept extends KeptEvent {
  /** Undefined: it waits to be released. */
  readonly retryAtMs: number | undefined;
}

export class MemoryRejectedEventRepository implements RejectedEventRepository {
  readonly #clock: Clock;
  readonly #catalog: MemoryCatalog;
  readonly #events = new Map<string, Kept>();
  /** When which group applied which event. */
  readonly #applied = new Map<string, number>();

  constructor(clock: Clock, catalog: MemoryCatalog) {
    this.#clock = clock;
    this.#catalog = catalog;
  }

  async keep(event: RejectedEvent): Promise<void> {
    const key = keyOf(event.tenantId, event.eventId);
    const before = this.#events.get(key);
    const rejections = (before?.rejections ?? 0) + 1;
    const now = this.#clock();
    const isDue = before?.retryAtMs !== undefined && before.retryAtMs <= now;
    const isNewWish = event.wants !== undefined && event.wants !== before?.wants;
    const isSameWish = event.wants === before?.wants;
    const retryAtMs = isNewWish ? now : isSameWish && isDue ? before.retryAtMs : undefined;
    const stored: unknown = JSON.parse(storedJson(event.event));
    const kept = { ...event, event: stored, detail: storedText(event.detail) };
    this.#events.set(key, { ...kept, rejections, rejectedAt: new Date(now), retryAtMs });
  }

  async list(limit: number): Promise<readonly KeptEvent[]> {
    return [...this.#events.values()]
      .toSorted(
        (left, right) =>
          left.rejectedAt.getTime() - right.rejectedAt.getTime() ||
          (left.eventId < right.eventId ? -1 : 1),
      )
      .slice(0, limit)
      .map(eventOf);
  }

  async find(tenantId: string, eventId: string): Promise<KeptEvent | undefined> {
    const kept = this.#events.get(keyOf(tenantId, eventId));
    return kept === undefined ? undefined : eventOf(kept);
  }

  async drop(tenantId: string, eventId: string): Promise<boolean> {
    return this.#events.delete(keyOf(tenantId, eventId));
  }

  async release(group: ConsumerGroup, event: ReleasingEvent): Promise<boolean> {
    const applied = JSON.stringify([group, event.tenantId, event.id]);
    if (this.#applied.has(applied)) return false;
    this.#applied.set(applied, this.#clock());
    for (const [key, kept] of this.#events) {
      if (kept.tenantId !== event.tenantId || kept.wants === undefined) continue;
      if (!this.#isWanted(kept.wants, event)) continue;
      this.#events.set(key, { ...kept, retryAtMs: this.#clock() });
    }
    return true;
  }

  async take(limit: number, leaseMs: number): Promise<readonly KeptEvent[]> {
    const now = this.#clock();
    const due = [...this.#events]
      .filter(([, { retryAtMs }]) => retryAtMs !== undefined && retryAtMs <= now)
      .slice(0, limit);
    for (const [key, kept] of due) this.#events.set(key, { ...kept, retryAtMs: now + leaseMs });
    return due.map(([, kept]) => eventOf(kept));
  }

  async prune(olderThanMs: number): Promise<number> {
    const beforeMs = this.#clock() - olderThanMs;
    const old = [...this.#events].filter(([, event]) => event.rejectedAt.getTime() < beforeMs);
    for (const [key] of old) this.#events.delete(key);
    for (const [key, atMs] of this.#applied) if (atMs < beforeMs) this.#applied.delete(key);
    return old.length;
  }

  #isWanted(wants: string, { tenantId, type, payload }: ReleasingEvent): boolean {
    if (type === "pool.created") return wants === wantedPool(payload.poolId);
    const token = [...this.#catalog.tokens.values()].find(
      (known) => known.tenantId === tenantId && known.id === payload.tokenId,
    );
    return token !== undefined && wants === wantedToken(token.address);
  }
}

function eventOf({ retryAtMs: _retryAtMs, ...kept }: Kept): KeptEvent {
  return kept;
}

function keyOf(tenantId: string, eventId: string): string {
  return JSON.stringify([tenantId, eventId]);
}
