import { type Kysely, sql } from "kysely";
import { PLANNED, VAULT_FUNDS } from "./usage-event-sql.ts";

/** `VAULT_FUNDS` for a transaction that has become its role and holds the vaults' locks already. */
const READ_VAULT_FUNDS = `
    create function read_vault_funds(p_tenant_ids text[], v_vaults text[], v_now timestamptz)
    returns table (
      tenant_id text, vault_contract_id text, left_stroops bigint, is_reserved_from boolean,
      is_trusted boolean, age_ms double precision, open_ids uuid[], open_names text[]
    ) language plpgsql ${PLANNED} as $funds$
    #variable_conflict use_column
    begin
      return query ${VAULT_FUNDS};
    end
    $funds$`;

export async function createFundsFunction(db: Kysely<unknown>): Promise<void> {
  await sql.raw(READ_VAULT_FUNDS).execute(db);
}
