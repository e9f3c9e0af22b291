import type { Clock } from "../../contracts/clock.ts";
import { storedJson, storedText } from "../calls/stored-json.ts";
import type { BuriedLetter, DeadLetter, DeadLetterRepository } from "./dead-letter-repository.ts";

export class MemoryDeadLetterRepository implements DeadLetterRepository {
  readonly #clock: Clock;
  readonly #letters = new Map<string, BuriedLetter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async bury(letter: DeadLetter): Promise<void> {
    const { group, event } = letter;
    const buriedAt = new Date(this.#clock());
    const payload: unknown = JSON.parse(storedJson(event.payload));
    const stored = { event: { ...event, payload }, detail: storedText(letter.detail) };
    this.#letters.set(keyOf(group, event.tenantId, event.id), { ...letter, ...stored, buriedAt });
  }

  async list(limit: number): Promise<readonly BuriedLetter[]> {
    return [...this.#letters.values()]
      .toSorted(
        (left, right) =>
          left.buriedAt.getTime() - right.buriedAt.getTime() ||
          (left.event.id < right.event.id ? -1 : 1),
      )
      .slice(0, limit);
  }

  async find(group: string, tenantId: string, eventId: string): Promise<BuriedLetter | undefined> {
    return this.#letters.get(keyOf(group, tenantId, eventId));
  }

  async drop(group: string, tenantId: string, eventId: string): Promise<boolean> {
    return this.#letters.delete(keyOf(group, tenantId, eventId));
  }

  async prune(olderThanMs: number): Promise<number> {
    const beforeMs = this.#clock() - olderThanMs;
    const old = [...this.#letters].filter(([, { buriedAt }]) => buriedAt.getTime() < beforeMs);
    for (const [key] of old) this.#letters.delete(key);
    return old.length;
  }
}

function keyOf(group: string, tenantId: string, eventId: string): string {
  return JSON.stringify([group, tenantId, eventId]);
}
