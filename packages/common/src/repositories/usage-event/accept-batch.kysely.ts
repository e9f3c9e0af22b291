import type { Selectable } from "kysely";
import type pg from "pg";
import { withTenantClient } from "../database.ts";
import type { Settled } from "../micro-batch.ts";
import { isRowFault } from "../postgres-error.ts";
import type { NewUsageEvent } from "./usage-event.ts";
import type { Acceptance } from "./usage-event-repository.ts";
import { usageEventOf } from "./usage-event-rows.ts";
import type { UsageEventsTable } from "./usage-events-table.ts";

/** One request to accept. */
export interface NewCharge {
  readonly tenantId: string;
  readonly event: NewUsageEvent;
  /** See `deriveMarker`. */
  readonly marker: string;
}

/**
 * Freezes the parties and stores events and intents, whatever the number of rows. In key order, so
 * that two instances whose batches share keys wait for each other in one direction. Nothing is
 * stored of a request whose parties are missing, or that another transaction stored first.
 * Lateral look-ups, so that no statistics can make the planner read a table whole.
 */
const ACCEPT = `
  with given as (
    select * from unnest(
      $1::int[], $2::text[], $3::text[], $4::uuid[], $5::bytea[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::bigint[], $11::timestamptz[], $12::text[]
    ) as given (
      place, tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
      api_key_id, amount_stroops, created_at, marker
    )
  ),
  frozen as (
    select given.*, vault.contract_id, api.payout_address, api.settlement
    from given
    left join lateral (
      select contract_id from vaults
      where vaults.tenant_id = given.tenant_id and vaults.user_id = given.user_id limit 1
    ) as vault on true
    left join lateral (
      select payout_address, settlement from registered_apis as apis
      where apis.tenant_id = given.tenant_id and apis.api_id = given.api_id limit 1
    ) as api on true
  ),
  stored as (
    insert into usage_events (
      tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id, amount_usdc,
      created_at
    )
    select tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
      amount_stroops * 0.0000001, created_at
    from frozen
    where contract_id is not null and settlement = 'per_request'
    order by place
    on conflict (tenant_id, request_id) do nothing
    returning tenant_id, id
  ),
  intents as (
    insert into submission_intents (
      tenant_id, intent_id, kind, subject_id, vault_contract_id, payee, amount_stroops, marker,
      created_at_ms, armed_at_ms, due_at_ms
    )
    select frozen.tenant_id, frozen.id, 'deduct', request_id, contract_id, payout_address,
      amount_stroops, marker, at_ms, at_ms, at_ms
    from stored
    join frozen on frozen.tenant_id = stored.tenant_id and frozen.id = stored.id,
    lateral (select (extract(epoch from created_at) * 1000)::bigint as at_ms) as times
  )
  select place,
    contract_id is not null as "hasVault",
    payout_address is not null as "hasApi",
    settlement = 'aggregated' as "isAggregated",
    stored.id is not null as "isStored"
  from frozen
  left join stored on stored.tenant_id = frozen.tenant_id and stored.id = frozen.id
`;

/** By key, as of now: a statement of its own sees what was committed while the first one ran. */
const FIND = `
  select found.* from unnest($1::text[], $2::text[]) as given (tenant_id, request_id)
  cross join lateral (
    select * from usage_events as events
    where events.tenant_id = given.tenant_id and events.request_id = given.request_id limit 1
  ) as found
`;

interface Placed {
  place: number;
  hasVault: boolean;
  hasApi: boolean;
  isAggregated: boolean | null;
  isStored: boolean;
}

/**
 * Accepts requests of any tenants, no two with the same key, in one transaction; one result per
 * charge, in order. A row that the database refuses fails alone.
 */
export async function acceptBatch(
  pool: pg.Pool,
  charges: readonly NewCharge[],
): Promise<readonly Settled<Acceptance>[]> {
  try {
    const acceptances = await acceptTogether(pool, charges);
    return acceptances.map((value) => ({ value }));
  } catch (error) {
    if (charges.length === 1 || !isRowFault(error)) return charges.map(() => ({ error }));
  }
  const settled: Settled<Acceptance>[] = [];
  for (const charge of charges) settled.push(...(await acceptBatch(pool, [charge])));
  return settled;
}

async function acceptTogether(
  pool: pg.Pool,
  charges: readonly NewCharge[],
): Promise<readonly Acceptance[]> {
  const tenantIds = [...new Set(charges.map(({ tenantId }) => tenantId))];
  return withTenantClient(pool, tenantIds, async (client) => {
    const sorted = charges.toSorted(byKey);
    const { rows } = await client.query<Placed>({
      name: "accept-usage-events",
      text: ACCEPT,
      values: columnsOf(sorted),
    });
    const placed = rows.toSorted((a, b) => a.place - b.place);
    const others = sorted.filter((_charge, index) => placed[index]?.isStored !== true);
    const known = await findStored(client, others);
    const acceptances = new Map(
      sorted.map((charge, index) => [charge, acceptanceOf(charge, placed[index], known)]),
    );
    return charges.map((charge) => acceptances.get(charge) ?? lost());
  });
}

function columnsOf(charges: readonly NewCharge[]): unknown[] {
  const column = (valueOf: (event: NewUsageEvent) => unknown) =>
    charges.map(({ event }) => valueOf(event));
  return [
    charges.map((_charge, index) => index),
    charges.map(({ tenantId }) => tenantId),
    column(({ requestId }) => requestId),
    column(({ id }) => id),
    column(({ fingerprint }) => Buffer.from(fingerprint)),
    column(({ userId }) => userId),
    column(({ apiId }) => apiId),
    column(({ endpointId }) => endpointId),
    column(({ apiKeyId }) => apiKeyId),
    column(({ amountStroops }) => String(amountStroops)),
    column(({ createdAt }) => createdAt.toISOString()),
    charges.map(({ marker }) => marker),
  ];
}

async function findStored(client: pg.PoolClient, charges: readonly NewCharge[]) {
  if (charges.length === 0) return new Map<string, Selectable<UsageEventsTable>>();
  const { rows } = await client.query<Selectable<UsageEventsTable>>({
    name: "find-usage-events",
    text: FIND,
    values: [charges.map(({ tenantId }) => tenantId), charges.map(({ event }) => event.requestId)],
  });
  return new Map(rows.map((row) => [keyText(row.tenant_id, row.request_id), row]));
}

function acceptanceOf(
  charge: NewCharge,
  placed: Placed | undefined,
  known: ReadonlyMap<string, Selectable<UsageEventsTable>>,
): Acceptance {
  if (placed?.isStored === true) {
    return { outcome: "accepted", event: { ...charge.event, status: "pending" } };
  }
  const row = known.get(chargeKey(charge));
  if (row !== undefined) return { outcome: "duplicate", event: usageEventOf(row) };
  if (placed?.hasVault === false) return { outcome: "vault_not_found" };
  if (placed?.hasApi === false) return { outcome: "api_not_found" };
  if (placed?.isAggregated === true) return { outcome: "aggregated" };
  return lost();
}

function lost(): never {
  throw new Error("a request was neither stored nor found");
}

/** What makes two charges the same. */
export function chargeKey({ tenantId, event }: NewCharge): string {
  return keyText(tenantId, event.requestId);
}

function keyText(tenantId: string, requestId: string): string {
  return `${tenantId}\n${requestId}`;
}

/** The same order in every instance. */
function byKey(a: NewCharge, b: NewCharge): number {
  return compare(a.tenantId, b.tenantId) || compare(a.event.requestId, b.event.requestId);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
