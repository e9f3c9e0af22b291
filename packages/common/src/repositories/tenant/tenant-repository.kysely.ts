import type { Selectable } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import type { AdminWrite } from "../admin-audit/admin-act.ts";
import { appendAct } from "../admin-audit/append-act.ts";
import { type OrreryDatabase, type OrreryTransaction, withTenantEffect } from "../database.ts";
import { PLATFORM_TENANT } from "../idempotency/idempotency-token.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { withRole } from "../system-role.ts";
import type { Tenant, TenantPage, TenantRepository } from "./tenant-repository.ts";
import type { TenantsTable } from "./tenants-table.ts";

/** The table belongs to the platform, and request roles never see it. */
export class KyselyTenantRepository implements TenantRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async create(
    { id, name }: Pick<Tenant, "id" | "name">,
    now: Date,
    { act, effect }: AdminWrite<Tenant> = {},
  ): Promise<Tenant> {
    const insert = async (transaction: OrreryTransaction) => {
      const row = await transaction
        .insertInto("tenants")
        .values({ id, name, created_at: now })
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAct(transaction, act);
      return toTenant(row);
    };
    const role = "orrery_administrator";
    try {
      return await withTenantEffect(this.#database, PLATFORM_TENANT, effect, insert, role);
    } catch (error) {
      if (violatedConstraint(error) !== "tenants_pkey") throw error;
      throw new ProblemError("tenant_exists", "Another tenant has this id.", { cause: error });
    }
  }

  async find(tenantId: string): Promise<Tenant | undefined> {
    const row = await this.#asAdministrator((transaction) =>
      transaction.selectFrom("tenants").selectAll().where("id", "=", tenantId).executeTakeFirst(),
    );
    return row === undefined ? undefined : toTenant(row);
  }

  async list({ limit, afterId }: { limit: number; afterId?: string }): Promise<TenantPage> {
    return this.#asAdministrator(async (transaction) => {
      const rows = await transaction
        .selectFrom("tenants")
        .selectAll()
        .$if(afterId !== undefined, (query) => query.where("id", ">", afterId ?? ""))
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const { total } = await transaction
        .selectFrom("tenants")
        .select((count) => count.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      return {
        tenants: rows.slice(0, limit).map(toTenant),
        hasNext: rows.length > limit,
        total: Number(total),
      };
    });
  }

  #asAdministrator<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#database, "orrery_administrator", work);
  }
}

function toTenant(row: Selectable<TenantsTable>): Tenant {
  return { id: row.id, name: row.name, createdAt: row.created_at };
}
