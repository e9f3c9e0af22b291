import type { Selectable } from "kysely";
import { type OrreryDatabase, translateOutage } from "../database.ts";
import { withRole } from "../system-role.ts";
import type { AdminAct } from "./admin-act.ts";
import type { AdminActPage, AdminAuditRepository } from "./admin-audit-repository.ts";
import type { AdminAuditTable } from "./admin-audit-table.ts";

/** The audit belongs to the platform: only who administers reads it. */
export class KyselyAdminAuditRepository implements AdminAuditRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async list({ limit, beforeId }: { limit: number; beforeId?: string }): Promise<AdminActPage> {
    return translateOutage(() =>
      withRole(this.#database, "orrery_administrator", async (transaction) => {
        const rows = await transaction
          .selectFrom("admin_audit")
          .selectAll()
          .$if(beforeId !== undefined, (query) => query.where("id", "<", beforeId ?? ""))
          .orderBy("id", "desc")
          .limit(limit + 1)
          .execute();
        const { total } = await transaction
          .selectFrom("admin_audit")
          .select((count) => count.fn.countAll<string>().as("total"))
          .executeTakeFirstOrThrow();
        return {
          acts: rows.slice(0, limit).map(toAct),
          hasNext: rows.length > limit,
          total: Number(total),
        };
      }),
    );
  }
}

function toAct(row: Selectable<AdminAuditTable>): AdminAct {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    action: row.action,
    subject: row.subject,
    principal: row.principal,
    requestId: row.request_id,
    details: row.details,
    recordedAt: row.recorded_at,
  };
}
