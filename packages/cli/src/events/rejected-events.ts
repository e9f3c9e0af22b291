import { type Environment, UsageError } from "../command.ts";
import { readCatalogAccess } from "../config.ts";
import { InternalClient, segment } from "../internal-client.ts";

/** As many as the catalog gives at a time. */
export const MOST_LISTED = 1_000;

const PATH = "/events/rejected";

/** An event that could not be applied, as the catalog keeps it. */
export interface RejectedEvent {
  readonly tenantId: string;
  readonly eventId: string;
  readonly source: string;
  readonly event: unknown;
  readonly code: string;
  readonly detail: string;
  readonly rejections: number;
  readonly rejectedAt: string;
}

/** What came of applying one again. */
export interface Replay {
  readonly status: "applied" | "duplicate" | "rejected";
  readonly code?: string;
  readonly detail?: string;
}

export type EventName = Pick<RejectedEvent, "tenantId" | "eventId">;

/** The rejected events of the catalog at `CATALOG_URL`. */
export class RejectedEvents {
  readonly #catalog: InternalClient;

  constructor(env: Environment) {
    this.#catalog = new InternalClient("catalog", readCatalogAccess(env));
  }

  /** Longest ago first. */
  async list(limit: number): Promise<readonly RejectedEvent[]> {
    const path = `${PATH}?limit=${limit}`;
    return (await this.#catalog.call<{ data: RejectedEvent[] }>("GET", path)).data;
  }

  /** @throws {Refusal} event_not_found */
  replay(event: EventName): Promise<Replay> {
    return this.#catalog.call("POST", `${pathOf(event)}/replay`);
  }

  /** @throws {Refusal} event_not_found */
  drop(event: EventName): Promise<void> {
    return this.#catalog.call("DELETE", pathOf(event));
  }
}

function pathOf({ tenantId, eventId }: EventName): string {
  return `${PATH}/${segment(tenantId)}/${segment(eventId)}`;
}

/** The event that a command line names. @throws {UsageError} */
export function readEventName(operands: readonly string[]): EventName {
  const [tenantId, eventId, ...rest] = operands;
  if (tenantId === undefined || eventId === undefined || rest.length > 0) {
    throw new UsageError("name the event's tenant and the event");
  }
  return { tenantId, eventId };
}
