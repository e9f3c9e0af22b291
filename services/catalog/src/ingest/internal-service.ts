import { ProblemError } from "@orrery/common/contracts/errors";
import type { DeadLetterRepository } from "@orrery/common/repositories/dead-letter/dead-letter-repository";
import type {
  IndexerPositionRepository,
  IndexerStatus,
} from "@orrery/common/repositories/indexer/indexer-position-repository";
import type {
  KeptEvent,
  RejectedEventRepository,
} from "@orrery/common/repositories/indexer/rejected-event-repository";
import type { EventIngest, IngestResult } from "./event-ingest.ts";

export interface InternalServices {
  readonly ingest: EventIngest;
  readonly positions: IndexerPositionRepository;
  readonly rejected: RejectedEventRepository;
  readonly letters: DeadLetterRepository;
}

/** What operators and partners may do with events. */
export class InternalService {
  readonly #services: InternalServices;

  constructor(services: InternalServices) {
    this.#services = services;
  }

  /** One after the other: an event may need what the one before it made. */
  async apply(events: readonly unknown[]): Promise<(IngestResult & { eventId: string | null })[]> {
    const results: (IngestResult & { eventId: string | null })[] = [];
    for (const event of events) {
      const result = await this.#services.ingest.apply(event, { isVerified: false });
      results.push({ eventId: eventIdOf(event), ...result });
    }
    return results;
  }

  listRejected(limit: number): Promise<readonly KeptEvent[]> {
    return this.#services.rejected.list(limit);
  }

  /** @throws {ProblemError} event_not_found */
  async replay(tenantId: string, eventId: string): Promise<IngestResult> {
    const { ingest, rejected } = this.#services;
    const { source, event, wants } = await this.#find(tenantId, eventId);
    const result = await ingest.apply(event, { isVerified: source === "indexer" });
    if (result.status === "rejected") {
      const { code, detail } = result;
      const wanted = wants === undefined ? {} : { wants };
      await rejected.keep({ tenantId, eventId, source, event, code, detail, ...wanted });
    } else {
      await rejected.drop(tenantId, eventId);
    }
    return result;
  }

  /** @throws {ProblemError} event_not_found */
  async forget(tenantId: string, eventId: string): Promise<void> {
    await this.#find(tenantId, eventId);
    await this.#services.rejected.drop(tenantId, eventId);
  }

  listFollowed(): Promise<readonly IndexerStatus[]> {
    return this.#services.positions.list();
  }

  /** @throws {ProblemError} contract_not_followed, invalid_request (that ledger was not read yet) */
  async rewind(contractId: string, ledger: number): Promise<void> {
    const outcome = await this.#services.positions.rewind(contractId, ledger);
    if (outcome === "rewound") return;
    if (outcome === "ahead") {
      const detail = "This ledger was not read yet: what is before it would be skipped.";
      throw new ProblemError("invalid_request", detail, {
        errors: [{ pointer: "/ledger", detail }],
      });
    }
    throw new ProblemError("contract_not_followed", `Nobody follows ${contractId}.`);
  }

  async #find(tenantId: string, eventId: string): Promise<KeptEvent> {
    const kept = await this.#services.rejected.find(tenantId, eventId);
    if (kept !== undefined) return kept;
    throw new ProblemError("event_not_found", "No rejected event has this id.");
  }
}

/** What of an event that may be anything is its id. */
function eventIdOf(event: unknown): string | null {
  const isObject = typeof event === "object" && event !== null;
  const id = isObject && "eventId" in event ? event.eventId : undefined;
  return typeof id === "string" ? id.slice(0, 255) : null;
}
