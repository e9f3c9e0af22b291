import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import { type OrreryDatabase, withTenant } from "../database.ts";
import type { Schema } from "../schema.ts";
import { stroopsOf, usageEventOf } from "../usage-event/usage-event-rows.ts";
import type {
  UsageFilter,
  UsageGrouping,
  UsagePage,
  UsageReports,
  UsageSummary,
} from "./usage-report.ts";

/** Keys as text that compares byte by byte. */
const KEYS = {
  day: sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') collate "C"`,
  api: sql<string>`api_id`,
  endpoint: sql<string>`endpoint_id`,
  user: sql<string>`user_id`,
} satisfies Record<UsageGrouping, unknown>;

interface GroupRow {
  key: string | null;
  count: string;
  amount: string;
  groups: string;
  allCount: string;
  allAmount: string;
}

export class KyselyUsageReports implements UsageReports {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async list(
    tenantId: string,
    filter: UsageFilter,
    { limit, after }: { limit: number; after?: TimePosition | undefined },
  ): Promise<UsagePage> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const selected = transaction.selectFrom("usage_events").where(selects(tenantId, filter));
      const rows = await selected
        .selectAll()
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(created_at, id) < (${after?.at}::timestamptz, ${after?.id}::uuid)`,
          ),
        )
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const { total } = await selected
        .select((count) => count.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      return {
        events: rows.slice(0, limit).map(usageEventOf),
        hasNext: rows.length > limit,
        total: Number(total),
      };
    });
  }

  async summarise(
    tenantId: string,
    groupBy: UsageGrouping,
    filter: Omit<UsageFilter, "status">,
    { limit, afterKey }: { limit: number; afterKey?: string | undefined },
  ): Promise<UsageSummary> {
    const rows = await withTenant(this.#database, tenantId, async (transaction) => {
      const groups = transaction
        .selectFrom("usage_events")
        .where(selects(tenantId, { ...filter, status: "confirmed" }))
        .select([
          KEYS[groupBy].as("key"),
          sql<string>`count(*)`.as("count"),
          sql<string>`sum(amount_usdc)`.as("amount"),
        ])
        .groupBy("key");
      // One statement, so that the page and the totals are of one moment.
      const result = await sql<GroupRow>`
        with groups as materialized (${groups}),
        page as (
          select * from groups where key > ${afterKey ?? ""} order by key limit ${limit + 1}
        )
        select page.key, page.count, page.amount, totals.* from (
          select count(*) as groups, coalesce(sum(count), 0) as "allCount",
            coalesce(sum(amount), 0) as "allAmount"
          from groups
        ) as totals left join page on true order by page.key
      `.execute(transaction);
      return result.rows;
    });
    const [totals] = rows;
    if (totals === undefined) throw new Error("an aggregate gives one row");
    const page = rows.flatMap(({ key, count, amount }) =>
      key === null ? [] : [{ key, count: Number(count), amountStroops: stroopsOf(amount) }],
    );
    return {
      groups: page.slice(0, limit),
      hasNext: page.length > limit,
      total: Number(totals.groups),
      count: Number(totals.allCount),
      amountStroops: stroopsOf(totals.allAmount),
    };
  }
}

function selects(tenantId: string, filter: UsageFilter) {
  const { userId, apiId, endpointId, status, settlementId, from, to } = filter;
  return (eb: ExpressionBuilder<Schema, "usage_events">): Expression<SqlBool> =>
    eb.and([
      eb("tenant_id", "=", tenantId),
      ...(userId === undefined ? [] : [eb("user_id", "=", userId)]),
      ...(apiId === undefined ? [] : [eb("api_id", "=", apiId)]),
      ...(endpointId === undefined ? [] : [eb("endpoint_id", "=", endpointId)]),
      // Written out, so that the planner sees that the index of the unsettled ones will do.
      ...(status === undefined ? [] : [eb("status", "=", sql.lit(status))]),
      ...(settlementId === undefined ? [] : [eb("settlement_id", "=", settlementId)]),
      ...(from === undefined ? [] : [eb("created_at", ">=", from)]),
      ...(to === undefined ? [] : [eb("created_at", "<", to)]),
    ]);
}
