import { type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import { isUuid } from "../../contracts/id.ts";
import { storedJson, storedText } from "../calls/stored-json.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { withRole } from "../system-role.ts";
import type { DeadLettersTable } from "./consumer-tables.ts";
import type { BuriedLetter, DeadLetter, DeadLetterRepository } from "./dead-letter-repository.ts";

export class KyselyDeadLetterRepository implements DeadLetterRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async bury({ group, event, detail, deliveries }: DeadLetter): Promise<void> {
    const fate = { detail: storedText(detail), deliveries, buried_at: databaseNow(this.#clock) };
    await this.#run((transaction) =>
      transaction
        .insertInto("dead_letters")
        .values({
          tenant_id: event.tenantId,
          consumer_group: group,
          event_id: event.id,
          type: event.type,
          payload: storedJson(event.payload),
          occurred_at: event.occurredAt,
          ...fate,
        })
        .onConflict((conflict) =>
          conflict.columns(["tenant_id", "consumer_group", "event_id"]).doUpdateSet(fate),
        )
        .execute(),
    );
  }

  async list(limit: number): Promise<readonly BuriedLetter[]> {
    const rows = await this.#run((transaction) =>
      transaction
        .selectFrom("dead_letters")
        .selectAll()
        .orderBy("buried_at")
        .orderBy("event_id")
        .limit(limit)
        .execute(),
    );
    return rows.map(letterOf);
  }

  async find(group: string, tenantId: string, eventId: string): Promise<BuriedLetter | undefined> {
    if (!isUuid(eventId)) return undefined;
    const row = await this.#run((transaction) =>
      transaction
        .selectFrom("dead_letters")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where(sql<string>`consumer_group`, "=", group)
        .where("event_id", "=", eventId)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : letterOf(row);
  }

  async drop(group: string, tenantId: string, eventId: string): Promise<boolean> {
    if (!isUuid(eventId)) return false;
    const { numDeletedRows } = await this.#run((transaction) =>
      transaction
        .deleteFrom("dead_letters")
        .where("tenant_id", "=", tenantId)
        .where(sql<string>`consumer_group`, "=", group)
        .where("event_id", "=", eventId)
        .executeTakeFirst(),
    );
    return numDeletedRows > 0n;
  }

  async prune(olderThanMs: number): Promise<number> {
    const before = (ms: number) =>
      sql<Date>`${databaseNow(this.#clock)} - make_interval(secs => ${ms / 1_000})`;
    const { numDeletedRows } = await this.#run(async (transaction) => {
      await transaction
        .deleteFrom("applied_events")
        .where("applied_at", "<", before(2 * olderThanMs))
        .execute();
      return transaction
        .deleteFrom("dead_letters")
        .where("buried_at", "<", before(olderThanMs))
        .executeTakeFirst();
    });
    return Number(numDeletedRows);
  }

  #run<Result>(work: (transaction: OrreryTransaction) => Promise<Result>): Promise<Result> {
    return withRole(this.#database, "orrery_indexer", work);
  }
}

function letterOf(row: Selectable<DeadLettersTable>): BuriedLetter {
  const event = {
    id: row.event_id,
    type: row.type,
    tenantId: row.tenant_id,
    occurredAt: row.occurred_at,
    payload: row.payload,
  };
  const { consumer_group: group, detail, deliveries, buried_at: buriedAt } = row;
  return { group, event, detail, deliveries, buriedAt };
}
