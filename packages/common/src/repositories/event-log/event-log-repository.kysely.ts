import { type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import type { DomainEvent, EventType } from "../../contracts/events.ts";
import type { PlacedEvent } from "../../events/bus/event-bus.ts";
import type { OrreryDatabase } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { withRole } from "../system-role.ts";
import type { EventLogRepository } from "./event-log-repository.ts";
import type { EventLogTable } from "./event-log-tables.ts";

export class KyselyEventLogRepository implements EventLogRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async readHeads(): Promise<ReadonlyMap<EventType, bigint>> {
    const rows = await withRole(this.#database, "orrery_relay", (transaction) =>
      transaction.selectFrom("event_topics").selectAll().execute(),
    );
    return new Map(rows.map(({ topic, position }) => [topic, BigInt(position)]));
  }

  async read(topic: EventType, after: bigint, limit: number): Promise<readonly PlacedEvent[]> {
    const rows = await withRole(this.#database, "orrery_relay", (transaction) =>
      transaction
        .selectFrom("event_log")
        .selectAll()
        .where("topic", "=", topic)
        .where("position", ">", String(after))
        .orderBy("position")
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => ({ position: BigInt(row.position), event: eventOf(row) }));
  }

  async prune(topic: EventType, upTo: bigint, olderThanMs: number): Promise<number> {
    const age = sql<Date>`make_interval(secs => ${olderThanMs / 1_000})`;
    const { numDeletedRows } = await withRole(this.#database, "orrery_relay", (transaction) =>
      transaction
        .deleteFrom("event_log")
        .where("topic", "=", topic)
        .where("position", "<=", String(upTo))
        .where("logged_at", "<", sql<Date>`${databaseNow(this.#clock)} - ${age}`)
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }
}

function eventOf(row: Selectable<EventLogTable>): DomainEvent {
  return {
    id: row.event_id,
    type: row.topic,
    tenantId: row.tenant_id,
    occurredAt: row.occurred_at,
    payload: row.payload,
  } as DomainEvent;
}
