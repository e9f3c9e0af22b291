import { type Kysely, sql } from "kysely";
import { createAcceptFunction } from "./accept-usage-events.ts";
import { createFindFunction } from "./find-usage-events.ts";
import { createFundsFunction } from "./read-vault-funds.ts";
import { createReserveFunction } from "./reserve-usage-events.ts";

/**
 * Requests are taken in one round trip; what is charged by itself leaves alone what is reserved; and a
 * settlement that is too large for its vault is parted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // `not valid`: what was allowed before is allowed still, so that no row needs to be looked at.
  await sql`
    alter table settlements
      alter column marker drop not null,
      add column full_at_stroops bigint,
      add column split_from uuid,
      drop constraint settlements_state_check,
      add constraint settlements_state_check check (
        state in ('open', 'settling', 'confirmed', 'failed', 'split', 'rejected')
      ) not valid
  `.execute(db);
  // What is held against a vault: few rows, whatever the tables hold.
  await sql`
    create index settlements_held on settlements (tenant_id, vault_contract_id)
    where state in ('open', 'settling', 'failed')
  `.execute(db);
  await sql`drop index settlements_reserved`.execute(db);
  await sql`
    create index submission_intents_held
    on submission_intents (tenant_id, vault_contract_id) include (amount_stroops)
    where state in ('received', 'prepared', 'sent', 'dead', 'unknown') and kind <> 'settlement'
  `.execute(db);
  await createFindFunction(db);
  await createFundsFunction(db);
  await createAcceptFunction(db);
  await createReserveFunction(db);
}
