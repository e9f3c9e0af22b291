import { type Environment, UsageError } from "../../command.ts";
import { readCatalogAccess } from "../../config.ts";
import { InternalClient, segment } from "../../internal-client.ts";

/** As many as the catalog gives at a time. */
export const MOST_LISTED = 1_000;

const PATH = "/events/dead-letters";

/** An event that a group of consumers could not apply, as the catalog keeps it. */
export interface DeadLetter {
  readonly group: string;
  readonly tenantId: string;
  readonly eventId: string;
  readonly type: string;
  readonly detail: string;
  readonly deliveries: number;
  readonly buriedAt: string;
}

export interface Replay {
  readonly status: "applied" | "duplicate" | "failed";
  readonly detail?: string;
}

export type LetterName = Pick<DeadLetter, "group" | "tenantId" | "eventId">;

/** The dead letters of the catalog at `CATALOG_URL`. */
export class DeadLetters {
  readonly #catalog: InternalClient;

  constructor(env: Environment) {
    this.#catalog = new InternalClient("catalog", readCatalogAccess(env));
  }

  /** Longest ago first. */
  async list(limit: number): Promise<readonly DeadLetter[]> {
    const path = `${PATH}?limit=${limit}`;
    return (await this.#catalog.call<{ data: DeadLetter[] }>("GET", path)).data;
  }

  /** @throws {Refusal} event_not_found */
  replay(name: LetterName): Promise<Replay> {
    return this.#catalog.call("POST", `${pathOf(name)}/replay`);
  }

  /** @throws {Refusal} event_not_found */
  drop(name: LetterName): Promise<void> {
    return this.#catalog.call("DELETE", pathOf(name));
  }
}

function pathOf({ group, tenantId, eventId }: LetterName): string {
  return [PATH, ...[group, tenantId, eventId].map(segment)].join("/");
}

/** The letter that a command line names. @throws {UsageError} */
export function readLetterName(operands: readonly string[]): LetterName {
  const [group, tenantId, eventId, ...rest] = operands;
  if (group === undefined || tenantId === undefined || eventId === undefined || rest.length > 0) {
    throw new UsageError("name the group of consumers, the event's tenant and the event");
  }
  return { group, tenantId, eventId };
}
