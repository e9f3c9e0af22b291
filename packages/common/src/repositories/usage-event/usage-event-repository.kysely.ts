import { sql } from "kysely";
import {
  type Database,
  type OrreryDatabase,
  type OrreryTransaction,
  withTenant,
} from "../database.ts";
import { MicroBatch } from "../micro-batch.ts";
import { findIntent, rearmIntent } from "../submission-journal/request-statements.kysely.ts";
import { acceptBatch, chargeKey, type NewCharge } from "./accept-batch.kysely.ts";
import type { NewUsageEvent, UsageEvent } from "./usage-event.ts";
import type { Acceptance, PendingCount, UsageEventRepository } from "./usage-event-repository.ts";
import { stroopsOf, usageEventOf } from "./usage-event-rows.ts";

/** Requests that one statement accepts at most. */
const MAX_ACCEPT_BATCH = 256;

export class KyselyUsageEventRepository implements UsageEventRepository {
  readonly #database: OrreryDatabase;
  readonly #accepting: MicroBatch<NewCharge, Acceptance>;

  constructor({ kysely, pool }: Pick<Database, "kysely" | "pool">) {
    this.#database = kysely;
    this.#accepting = new MicroBatch({
      maxItems: MAX_ACCEPT_BATCH,
      keyOf: chargeKey,
      process: (charges) => acceptBatch(pool, charges),
      resultForTwin: (first) =>
        "event" in first ? { outcome: "duplicate", event: first.event } : undefined,
    });
  }

  async accept(tenantId: string, event: NewUsageEvent, marker: string): Promise<Acceptance> {
    return this.#accepting.run({ tenantId, event, marker });
  }

  async find(tenantId: string, requestId: string): Promise<UsageEvent | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      findEvent(transaction, tenantId, requestId),
    );
    return row === undefined ? undefined : usageEventOf(row);
  }

  async findWithHistory(tenantId: string, requestId: string) {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const row = await findEvent(transaction, tenantId, requestId);
      if (row === undefined) return undefined;
      const history = await findIntent(transaction, tenantId, row.settlement_id ?? row.id);
      if (history === undefined && row.settlement_id === null) {
        throw new Error(`usage event ${row.id} has no intent`);
      }
      return { event: usageEventOf(row), history };
    });
  }

  async rearm(tenantId: string, requestId: string, now: Date): Promise<boolean> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const row = await transaction
        .updateTable("usage_events")
        .set({ status: "pending", failure_reason: null, contract_error: null, settled_at: null })
        .where("tenant_id", "=", tenantId)
        .where("request_id", "=", requestId)
        .where("status", "=", "failed")
        .returning("id")
        .executeTakeFirst();
      if (row === undefined) return false;
      if (await rearmIntent(transaction, tenantId, row.id, now.getTime())) return true;
      throw new Error(`usage event ${row.id} is failed, its intent is not`);
    });
  }

  async listSettled(keys: readonly { tenantId: string; requestId: string }[]) {
    if (keys.length === 0) return [];
    const tenantIds = [...new Set(keys.map((key) => key.tenantId))];
    const rows = await withTenant(this.#database, tenantIds, (transaction) =>
      transaction
        .selectFrom(
          sql<{ tenant_id: string; request_id: string }>`unnest(
            ${keys.map((key) => key.tenantId)}::text[], ${keys.map((key) => key.requestId)}::text[]
          )`.as<"given">(sql`given (tenant_id, request_id)`),
        )
        // A look-up per key, so that no statistics can make the planner read the table whole.
        .innerJoinLateral(
          (eb) =>
            eb
              .selectFrom("usage_events as events")
              .selectAll()
              .whereRef("events.tenant_id", "=", "given.tenant_id")
              .whereRef("events.request_id", "=", "given.request_id")
              .limit(1)
              .as("found"),
          (join) => join.onTrue(),
        )
        .selectAll("found")
        .where("found.status", "!=", "pending")
        .execute(),
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, event: usageEventOf(row) }));
  }

  async countPending([first, second]: readonly [Date, Date]): Promise<readonly PendingCount[]> {
    const { rows } = await sql<
      Record<"pending" | "beforeFirst" | "beforeSecond", string> & { tenantId: string }
    >`
      select tenant_id as "tenantId", count(*) as pending,
        count(*) filter (where created_at < ${first}) as "beforeFirst",
        count(*) filter (where created_at < ${second}) as "beforeSecond"
      from usage_events where status = 'pending' group by tenant_id
    `.execute(this.#database);
    return rows.map((row) => ({
      tenantId: row.tenantId,
      pending: Number(row.pending),
      before: [Number(row.beforeFirst), Number(row.beforeSecond)],
    }));
  }

  async sumPending(tenantId: string, userId: string): Promise<bigint> {
    const { total } = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("usage_events")
        .select(sql<string | null>`sum(amount_usdc)`.as("total"))
        .where("tenant_id", "=", tenantId)
        .where("user_id", "=", userId)
        .where("status", "=", "pending")
        .executeTakeFirstOrThrow(),
    );
    return stroopsOf(total ?? "0");
  }
}

async function findEvent(transaction: OrreryTransaction, tenantId: string, requestId: string) {
  return transaction
    .selectFrom("usage_events")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("request_id", "=", requestId)
    .executeTakeFirst();
}
