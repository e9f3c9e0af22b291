import type { Selectable } from "kysely";
import type pg from "pg";
import { textArray } from "./calls/binary-array.ts";
import { callFunction } from "./calls/call-function.ts";
import type { Settled } from "./micro-batch.ts";
import { isRowFault } from "./postgres-error.ts";
import type { UsageEvent } from "./usage-event/usage-event.ts";
import { usageEventOf } from "./usage-event/usage-event-rows.ts";
import type { UsageEventsTable } from "./usage-event/usage-events-table.ts";
import { keyText, requestKey, tenantsOf, type UsageRequest } from "./usage-event/usage-request.ts";

/** What the database made of one request. */
export interface TakenRow {
  /** From 1, of the requests that were given. */
  readonly place: number;
  readonly isStored: boolean;
  /** Null on one that is not stored: its key was there already. */
  readonly outcome: string | null;
  readonly vaultContractId: string | null;
}

/** A request was taken or refused, or had been taken before. */
export type Met<Row> = { readonly row: Row } | { readonly known: UsageEvent };

interface RequestTakerOptions<Row> {
  readonly pool: pg.Pool;
  /** Takes requests of any tenants, no two with the same key, in one transaction; a row for each. */
  readonly take: (requests: readonly UsageRequest[]) => Promise<readonly Row[]>;
}

/** With more known requests than this in a batch, the next one is looked for before it is taken. */
const MANY_KNOWN = 0.25;

/**
 * Takes batches of requests, each as if it had come alone: what was stored before is found, what the
 * database refuses fails alone, and what is refused only because a known one took its share first gets
 * another turn.
 */
export class RequestTaker<Row extends TakenRow> {
  readonly #options: RequestTakerOptions<Row>;
  #looksFirst = false;

  constructor(options: RequestTakerOptions<Row>) {
    this.#options = options;
  }

  /** One end per request, in order. */
  async take(requests: readonly UsageRequest[]): Promise<readonly Settled<Met<Row>>[]> {
    try {
      const met = new Map<UsageRequest, Met<Row>>();
      await this.#takeTogether(requests, met);
      const known = [...met.values()].filter((one) => "known" in one).length;
      this.#looksFirst = known > MANY_KNOWN * requests.length;
      return requests.map((request) => ({ value: met.get(request) ?? lost() }));
    } catch (error) {
      if (requests.length === 1 || !isRowFault(error)) return requests.map(() => ({ error }));
    }
    const ends: Settled<Met<Row>>[] = [];
    for (const request of requests) ends.push(...(await this.take([request])));
    return ends;
  }

  async #takeTogether(
    requests: readonly UsageRequest[],
    met: Map<UsageRequest, Met<Row>>,
  ): Promise<void> {
    const given = this.#looksFirst ? await this.#meetKnown(requests, met) : requests;
    if (given.length === 0) return;
    const rows = rowsByRequest(given, await this.#options.take(given));
    const unstored = given.filter((request) => rows.get(request)?.isStored !== true);
    const refused = new Set(await this.#meetKnown(unstored, met));
    const again: UsageRequest[] = [];
    const contested = contestedVaults(rows, met);
    for (const [request, row] of rows) {
      if (met.has(request)) continue;
      if (refused.has(request) && isContested(request, row, contested)) again.push(request);
      else met.set(request, { row });
    }
    // Fewer each time: somebody's known request was among them.
    if (again.length > 0) await this.#takeTogether(again, met);
  }

  /** Those that are not known. */
  async #meetKnown(
    requests: readonly UsageRequest[],
    met: Map<UsageRequest, Met<Row>>,
  ): Promise<readonly UsageRequest[]> {
    if (requests.length === 0) return requests;
    const rows = await callFunction<Selectable<UsageEventsTable>>(this.#options.pool, {
      name: "find-usage-events",
      text: "select * from find_usage_events($1, $2, $3)",
      values: [
        tenantsOf(requests),
        textArray(requests.map(({ tenantId }) => tenantId)),
        textArray(requests.map(({ event }) => event.requestId)),
      ],
    });
    const found = new Map(rows.map((row) => [keyText(row.tenant_id, row.request_id), row]));
    return requests.filter((request) => {
      const row = found.get(requestKey(request));
      if (row !== undefined) met.set(request, { known: usageEventOf(row) });
      return row === undefined;
    });
  }
}

function rowsByRequest<Row extends TakenRow>(
  requests: readonly UsageRequest[],
  rows: readonly Row[],
): ReadonlyMap<UsageRequest, Row> {
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return new Map(requests.map((request, index) => [request, byPlace.get(index + 1) ?? lost()]));
}

/** Vaults that a request which is known took a share of for nothing. */
function contestedVaults<Row extends TakenRow>(
  rows: ReadonlyMap<UsageRequest, Row>,
  met: ReadonlyMap<UsageRequest, Met<Row>>,
): ReadonlySet<string> {
  const contested = new Set<string>();
  for (const [request, { outcome, vaultContractId }] of rows) {
    if (outcome !== null || !met.has(request)) continue;
    contested.add(keyText(request.tenantId, vaultContractId ?? ""));
  }
  return contested;
}

function isContested(
  { tenantId }: UsageRequest,
  { outcome, vaultContractId }: TakenRow,
  contested: ReadonlySet<string>,
): boolean {
  if (outcome !== "insufficient_balance") return false;
  return contested.has(keyText(tenantId, vaultContractId ?? ""));
}

function lost(): never {
  throw new Error("a request was neither stored nor found");
}
