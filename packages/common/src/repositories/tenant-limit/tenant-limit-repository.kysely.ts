import { type Selectable, sql } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import type { AdminWrite } from "../admin-audit/admin-act.ts";
import { appendAct } from "../admin-audit/append-act.ts";
import { type OrreryDatabase, withTenant, withTenantEffect } from "../database.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { withRole } from "../system-role.ts";
import {
  CHANGE_OVERLAP_MS,
  type ChangedLimits,
  type PerMinute,
  type TenantLimitRepository,
  type TenantLimits,
} from "./tenant-limit-repository.ts";
import type { TenantLimitsTable } from "./tenant-limits-table.ts";

const ROLE = "orrery_administrator";

/** Administers the limits of one tenant; reads what changed of any, as the authenticator. */
export class KyselyTenantLimitRepository implements TenantLimitRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async find(tenantId: string): Promise<TenantLimits | undefined> {
    const row = await withTenant(
      this.#database,
      tenantId,
      (transaction) =>
        transaction
          .selectFrom("tenant_limits")
          .selectAll()
          .where("tenant_id", "=", tenantId)
          .executeTakeFirst(),
      ROLE,
    );
    return row && toLimits(row);
  }

  async put(
    tenantId: string,
    perMinute: PerMinute,
    { act, effect }: AdminWrite<TenantLimits> = {},
  ): Promise<TenantLimits> {
    try {
      return await withTenantEffect(
        this.#database,
        tenantId,
        effect,
        async (transaction) => {
          const row = await transaction
            .insertInto("tenant_limits")
            .values({
              tenant_id: tenantId,
              per_minute: JSON.stringify(perMinute),
              // The database's clock: every instance polls by it, whatever its own says.
              updated_at: sql<Date>`clock_timestamp()`,
            })
            .onConflict((conflict) =>
              conflict.column("tenant_id").doUpdateSet((given) => ({
                per_minute: given.ref("excluded.per_minute"),
                updated_at: given.ref("excluded.updated_at"),
              })),
            )
            .returningAll()
            .executeTakeFirstOrThrow();
          await appendAct(transaction, act);
          return toLimits(row);
        },
        ROLE,
      );
    } catch (error) {
      if (violatedConstraint(error) !== "tenant_limits_of_tenant") throw error;
      throw new ProblemError("tenant_not_found", "There is no tenant with this id.", {
        cause: error,
      });
    }
  }

  async listChanged(since?: Date): Promise<ChangedLimits> {
    return withRole(this.#database, "orrery_authenticator", async (transaction) => {
      // The start of the transaction: what commits after it is seen by the next reading.
      const { rows } = await sql<{ as_of: Date }>`select now() as as_of`.execute(transaction);
      const [first] = rows;
      if (first === undefined) throw new Error("now() gives one row");
      const from = new Date((since ?? first.as_of).getTime() - CHANGE_OVERLAP_MS);
      const changed = await transaction
        .selectFrom("tenant_limits")
        .selectAll()
        .where("updated_at", ">=", from)
        .execute();
      return { changed: changed.map(toLimits), asOf: first.as_of };
    });
  }
}

function toLimits(row: Selectable<TenantLimitsTable>): TenantLimits {
  return { tenantId: row.tenant_id, perMinute: row.per_minute, updatedAt: row.updated_at };
}
