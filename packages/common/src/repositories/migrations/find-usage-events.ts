import { type Kysely, sql } from "kysely";
import { ACT_FOR_TENANTS, PLANNED } from "./usage-event-sql.ts";

/**
 * Events by key, in one round trip. Sorted only so that no index but the primary key's gives the
 * order, also while the table has no statistics.
 */
const FIND_USAGE_EVENTS = `
    create function find_usage_events(
      p_tenants text, p_tenant_ids text[], p_request_ids text[]
    ) returns setof usage_events language plpgsql ${PLANNED} as $find$
    begin
      ${ACT_FOR_TENANTS}
      return query
      select events.* from (
        select * from usage_events as found
        where found.tenant_id = any (p_tenant_ids) and found.request_id = any (p_request_ids)
        order by found.tenant_id, found.request_id
      ) as events
      join unnest(p_tenant_ids, p_request_ids) as given (tenant_id, request_id)
        on given.tenant_id = events.tenant_id and given.request_id = events.request_id;
    end
    $find$`;

export async function createFindFunction(db: Kysely<unknown>): Promise<void> {
  await sql.raw(FIND_USAGE_EVENTS).execute(db);
}
