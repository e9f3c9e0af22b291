import { type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import type { OrreryDatabase } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { withRole } from "../system-role.ts";
import type { RejectedEventsTable } from "./indexer-tables.ts";
import type {
  KeptEvent,
  RejectedEvent,
  RejectedEventRepository,
} from "./rejected-event-repository.ts";

export class KyselyRejectedEventRepository implements RejectedEventRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async keep({ tenantId, eventId, source, event, code, detail }: RejectedEvent): Promise<void> {
    const row = { source, event: JSON.stringify(event), code, detail };
    const now = databaseNow(this.#clock);
    await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .insertInto("rejected_events")
        .values({ tenant_id: tenantId, event_id: eventId, ...row, rejected_at: now })
        .onConflict((conflict) =>
          conflict.columns(["tenant_id", "event_id"]).doUpdateSet({
            ...row,
            rejections: sql<number>`rejected_events.rejections + 1`,
            rejected_at: now,
          }),
        )
        .execute(),
    );
  }

  async list(limit: number): Promise<readonly KeptEvent[]> {
    const rows = await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .selectFrom("rejected_events")
        .selectAll()
        .orderBy("rejected_at")
        .orderBy("event_id")
        .limit(limit)
        .execute(),
    );
    return rows.map(eventOf);
  }

  async find(tenantId: string, eventId: string): Promise<KeptEvent | undefined> {
    const row = await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .selectFrom("rejected_events")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("event_id", "=", eventId)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : eventOf(row);
  }

  async drop(tenantId: string, eventId: string): Promise<boolean> {
    const { numDeletedRows } = await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .deleteFrom("rejected_events")
        .where("tenant_id", "=", tenantId)
        .where("event_id", "=", eventId)
        .executeTakeFirst(),
    );
    return numDeletedRows > 0n;
  }

  async prune(olderThanMs: number): Promise<number> {
    const age = sql<Date>`make_interval(secs => ${olderThanMs / 1_000})`;
    const { numDeletedRows } = await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .deleteFrom("rejected_events")
        .where("rejected_at", "<", sql<Date>`${databaseNow(this.#clock)} - ${age}`)
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }
}

function eventOf(row: Selectable<RejectedEventsTable>): KeptEvent {
  return {
    tenantId: row.tenant_id,
    eventId: row.event_id,
    source: row.source,
    event: row.event,
    code: row.code,
    detail: row.detail,
    rejections: row.rejections,
    rejectedAt: row.rejected_at,
  };
}
