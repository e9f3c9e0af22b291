import { sql } from "kysely";
import {
  type Database,
  type OrreryDatabase,
  type OrreryTransaction,
  withTenant,
} from "../database.ts";
import { MicroBatch } from "../micro-batch.ts";
import { findIntent } from "../submission-journal/request-statements.kysely.ts";
import { withRole } from "../system-role.ts";
import { acceptRequests } from "./accept-requests.kysely.ts";
import { rearmEvent } from "./rearm-event.kysely.ts";
import type { NewUsageEvent, UsageEvent } from "./usage-event.ts";
import type {
  Acceptance,
  PendingCount,
  Rearming,
  UsageEventRepository,
} from "./usage-event-repository.ts";
import { stroopsOf, usageEventOf } from "./usage-event-rows.ts";
import { payerKey, requestKey, type UsageRequest } from "./usage-request.ts";

/** Requests that one transaction accepts at most. */
const MAX_BATCH = 256;
/** With so many waiting, another transaction at a time gains more than it costs. */
const MANY_REQUESTS = 8;

export class KyselyUsageEventRepository implements UsageEventRepository {
  readonly #database: OrreryDatabase;
  readonly #accepting: MicroBatch<UsageRequest, Acceptance>;

  constructor({ kysely, pool }: Pick<Database, "kysely" | "pool">) {
    this.#database = kysely;
    this.#accepting = new MicroBatch({
      maxItems: MAX_BATCH,
      maxRunning: 3,
      minItemsBeside: MANY_REQUESTS,
      keyOf: requestKey,
      groupOf: payerKey,
      process: acceptRequests(pool),
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

  async rearm(tenantId: string, requestId: string, now: Date): Promise<Rearming> {
    return withTenant(this.#database, tenantId, (transaction) =>
      rearmEvent(transaction, { tenantId, requestId, now }),
    );
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
    const { rows } = await withRole(this.#database, "orrery_admission", (transaction) =>
      sql<Record<"pending" | "beforeFirst" | "beforeSecond", string> & { tenantId: string }>`
        select tenant_id as "tenantId", count(*) as pending,
          count(*) filter (where created_at < ${first}) as "beforeFirst",
          count(*) filter (where created_at < ${second}) as "beforeSecond"
        from usage_events where status = 'pending' group by tenant_id
      `.execute(transaction),
    );
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
