import type { Selectable } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import type { OrreryDatabase } from "../database.ts";
import { violatedConstraint } from "../postgres-error.ts";
import type { Tenant, TenantPage, TenantRepository } from "./tenant-repository.ts";
import type { TenantsTable } from "./tenants-table.ts";

/** Runs as the login role: the table belongs to the platform, and request roles never see it. */
export class KyselyTenantRepository implements TenantRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async create({ id, name }: Pick<Tenant, "id" | "name">, now: Date): Promise<Tenant> {
    try {
      const row = await this.#database
        .insertInto("tenants")
        .values({ id, name, created_at: now })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toTenant(row);
    } catch (error) {
      if (violatedConstraint(error) !== "tenants_pkey") throw error;
      throw new ProblemError("tenant_exists", "Another tenant has this id.", { cause: error });
    }
  }

  async find(tenantId: string): Promise<Tenant | undefined> {
    const row = await this.#database
      .selectFrom("tenants")
      .selectAll()
      .where("id", "=", tenantId)
      .executeTakeFirst();
    return row === undefined ? undefined : toTenant(row);
  }

  async list({ limit, afterId }: { limit: number; afterId?: string }): Promise<TenantPage> {
    const [rows, { total }] = await Promise.all([
      this.#database
        .selectFrom("tenants")
        .selectAll()
        .$if(afterId !== undefined, (query) => query.where("id", ">", afterId ?? ""))
        .orderBy("id")
        .limit(limit + 1)
        .execute(),
      this.#database
        .selectFrom("tenants")
        .select((count) => count.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow(),
    ]);
    return {
      tenants: rows.slice(0, limit).map(toTenant),
      hasNext: rows.length > limit,
      total: Number(total),
    };
  }
}

function toTenant(row: Selectable<TenantsTable>): Tenant {
  return { id: row.id, name: row.name, createdAt: row.created_at };
}
