import type { Kysely } from "kysely";
import { grantAcrossTenants } from "./system-roles.ts";

/** Reconciliation follows a settlement's charge down to its usage events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await grantAcrossTenants(db, {
    table: "settlements",
    role: "orrery_reconciler",
    privileges: "select",
  });
}
