import { type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import type { ConsumerGroup } from "../../events/bus/consumer-groups.ts";
import { noteApplied } from "../applied-events.ts";
import { storedJson, storedText } from "../calls/stored-json.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { withRole } from "../system-role.ts";
import type { RejectedEventsTable } from "./indexer-tables.ts";
import {
  type KeptEvent,
  type RejectedEvent,
  type RejectedEventRepository,
  type ReleasingEvent,
  wantedPool,
  wantedToken,
} from "./rejected-event-repository.ts";

export class KyselyRejectedEventRepository implements RejectedEventRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async keep({ tenantId, eventId, source, event, code, detail, wants }: RejectedEvent) {
    const now = databaseNow(this.#clock);
    const wanted = wants ?? null;
    const fate = { code, detail: storedText(detail), wants: wanted };
    const row = { source, event: storedJson(event), ...fate };
    // Who is released while it is refused is due already; a lease lies in the future.
    const retryAt = sql<Date | null>`case
      when rejected_events.wants is distinct from ${wanted}
        then case when ${wanted}::text is not null then ${now} end
      when rejected_events.retry_at <= ${now} then rejected_events.retry_at
    end`;
    await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .insertInto("rejected_events")
        .values({
          ...row,
          tenant_id: tenantId,
          event_id: eventId,
          rejected_at: now,
          retry_at: wanted === null ? null : now,
        })
        .onConflict((conflict) =>
          conflict.columns(["tenant_id", "event_id"]).doUpdateSet({
            ...row,
            rejections: sql<number>`rejected_events.rejections + 1`,
            rejected_at: now,
            retry_at: retryAt,
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

  async release(group: ConsumerGroup, event: ReleasingEvent): Promise<boolean> {
    return withRole(this.#database, "orrery_indexer", async (transaction) => {
      if (!(await noteApplied(transaction, group, event))) return false;
      const wanted = await wantedOf(transaction, event);
      if (wanted === undefined) return true;
      await transaction
        .updateTable("rejected_events")
        .set({ retry_at: databaseNow(this.#clock) })
        .where("tenant_id", "=", event.tenantId)
        .where("wants", "=", wanted)
        .execute();
      return true;
    });
  }

  async take(limit: number, leaseMs: number): Promise<readonly KeptEvent[]> {
    const now = databaseNow(this.#clock);
    const rows = await withRole(this.#database, "orrery_indexer", (transaction) =>
      transaction
        .with("due", (query) =>
          query
            .selectFrom("rejected_events")
            .select(["tenant_id", "event_id"])
            .where("retry_at", "<=", now)
            .orderBy("retry_at")
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .updateTable("rejected_events")
        .from("due")
        .set({ retry_at: sql<Date>`${now} + make_interval(secs => ${leaseMs / 1_000})` })
        .whereRef("rejected_events.tenant_id", "=", "due.tenant_id")
        .whereRef("rejected_events.event_id", "=", "due.event_id")
        .returningAll("rejected_events")
        .execute(),
    );
    return rows.map(eventOf);
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

/** Undefined: the token is gone. */
async function wantedOf(
  transaction: OrreryTransaction,
  event: ReleasingEvent,
): Promise<string | undefined> {
  if (event.type === "pool.created") return wantedPool(event.payload.poolId);
  const token = await transaction
    .selectFrom("tokens")
    .select("address")
    .where("tenant_id", "=", event.tenantId)
    .where("id", "=", event.payload.tokenId)
    .executeTakeFirst();
  return token === undefined ? undefined : wantedToken(token.address);
}

function eventOf(row: Selectable<RejectedEventsTable>): KeptEvent {
  return {
    tenantId: row.tenant_id,
    eventId: row.event_id,
    source: row.source,
    event: row.event,
    code: row.code,
    detail: row.detail,
    ...(row.wants !== null && { wants: row.wants }),
    rejections: row.rejections,
    rejectedAt: row.rejected_at,
  };
}
