import { type Kysely, sql } from "kysely";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/**
 * Whose each vault is. The contract lets the platform charge it, and cannot tell for which tenant: the
 * first that names a vault keeps it. Keyed by contract, since it is one over all tenants; a tenant sees
 * its own rows alone, and learns of others' that they are there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table vault_owners (
      contract_id text collate "C" primary key,
      tenant_id text collate "C" not null,
      claimed_at timestamptz(3) not null
    )
  `.execute(db);
  await sql`
    insert into vault_owners (contract_id, tenant_id, claimed_at)
    select distinct on (contract_id) contract_id, tenant_id, created_at from vaults
    order by contract_id, created_at, tenant_id
  `.execute(db);
  await enableTenantIsolation(db, "vault_owners", ["select", "insert"]);
}
