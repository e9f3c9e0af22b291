import { ProblemError } from "@orrery/common/contracts/errors";
import { asDomainEvent } from "@orrery/common/contracts/events";
import type { ConsumerGroup } from "@orrery/common/events/bus/consumer-groups";
import type { EventHandler } from "@orrery/common/events/bus/event-consumer";
import type {
  BuriedLetter,
  DeadLetterRepository,
} from "@orrery/common/repositories/dead-letter/dead-letter-repository";

export interface LetterName {
  readonly group: string;
  readonly tenantId: string;
  readonly eventId: string;
}

export type LetterReplay =
  | { readonly status: "applied" | "duplicate" }
  | { readonly status: "failed"; readonly detail: string };

/** What operators do about events that a group of consumers could not apply. */
export class DeadLetterService {
  readonly #letters: DeadLetterRepository;
  readonly #handlers: Readonly<Record<ConsumerGroup, EventHandler>>;

  constructor(
    letters: DeadLetterRepository,
    handlers: Readonly<Record<ConsumerGroup, EventHandler>>,
  ) {
    this.#letters = letters;
    this.#handlers = handlers;
  }

  list(limit: number): Promise<readonly BuriedLetter[]> {
    return this.#letters.list(limit);
  }

  /**
   * Applies it now, as its consumer would; one that was applied meanwhile is a duplicate.
   * @throws {ProblemError} event_not_found
   */
  async replay(name: LetterName): Promise<LetterReplay> {
    const letter = await this.#get(name);
    const { group, event, deliveries } = letter;
    try {
      const status = await this.#handlers[group](asDomainEvent(event));
      await this.#drop(name);
      return { status };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      await this.#letters.bury({ group, event, detail, deliveries: deliveries + 1 });
      return { status: "failed", detail };
    }
  }

  /** @throws {ProblemError} event_not_found */
  async forget(name: LetterName): Promise<void> {
    await this.#get(name);
    await this.#drop(name);
  }

  async #drop({ group, tenantId, eventId }: LetterName): Promise<void> {
    await this.#letters.drop(group, tenantId, eventId);
  }

  async #get({ group, tenantId, eventId }: LetterName): Promise<BuriedLetter> {
    const letter = await this.#letters.find(group, tenantId, eventId);
    if (letter !== undefined) return letter;
    throw new ProblemError("event_not_found", "No dead letter has this name.");
  }
}
