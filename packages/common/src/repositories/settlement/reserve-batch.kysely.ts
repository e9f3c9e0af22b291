import type { Selectable } from "kysely";
import type pg from "pg";
import { withTenantClient } from "../database.ts";
import type { Settled } from "../micro-batch.ts";
import { isRowFault } from "../postgres-error.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import { stroopsOf, usageEventOf } from "../usage-event/usage-event-rows.ts";
import type { UsageEventsTable } from "../usage-event/usage-events-table.ts";
import { type Candidate, readCandidates, type Wanted } from "./reservation-facts.kysely.ts";
import { reserveInOrder } from "./reserve-in-order.ts";
import { type Added, CLOSE, type Facts, RESERVE } from "./reserve-statements.kysely.ts";
import { MAX_BALANCE_AGE_MS, type Reservation } from "./settlement-repository.ts";

/** What a batch needs beside its requests. */
export interface ReserveContext {
  readonly pool: pg.Pool;
  /** See `deriveMarker`. */
  readonly markerOf: (tenantId: string, settlementId: string) => string;
  readonly newId: () => string;
  /** RFC 3339; null: the database's own clock. */
  readonly now: () => string | null;
}

/** A candidate that was granted, with its settlement. */
interface Granted extends Candidate {
  readonly settlementId: string;
}

/**
 * Reserves requests of any tenants, no two with the same key, in one transaction; one result per
 * request, in order. A row that the database refuses fails alone.
 */
export async function reserveBatch(
  context: ReserveContext,
  batch: readonly Wanted[],
): Promise<readonly Settled<Reservation>[]> {
  try {
    return (await reserveTogether(context, batch)).map((value) => ({ value }));
  } catch (error) {
    if (batch.length === 1 || !isRowFault(error)) return batch.map(() => ({ error }));
  }
  const settled: Settled<Reservation>[] = [];
  for (const wanted of batch) settled.push(...(await reserveBatch(context, [wanted])));
  return settled;
}

async function reserveTogether(
  context: ReserveContext,
  batch: readonly Wanted[],
): Promise<readonly Reservation[]> {
  const tenantIds = [...new Set(batch.map(({ tenantId }) => tenantId))];
  return withTenantClient(context.pool, tenantIds, async (client) => {
    const candidates = await readCandidates(client, batch, context.now());
    const { stored, full } = await reserveAll(client, candidates, context);
    await closeFull(client, full, context.now());
    const isStored = (wanted: Wanted) => stored.has(eventKey(wanted));
    const known = await findKnown(
      client,
      batch.filter((wanted) => !isStored(wanted)),
    );
    return candidates.map((candidate) => {
      const { wanted } = candidate;
      const settlementId = stored.get(eventKey(wanted));
      if (settlementId !== undefined) return reserved(candidate, settlementId);
      const row = known.get(wantedKey(wanted));
      if (row !== undefined) return { outcome: "duplicate", event: usageEventOf(row) };
      return refusal(candidate);
    });
  });
}

/**
 * Stores what the vaults can pay, in order of arrival. A request that was stored before takes nothing,
 * so that what was refused because of it gets another turn.
 */
async function reserveAll(
  client: pg.PoolClient,
  candidates: readonly Candidate[],
  context: ReserveContext,
): Promise<{ stored: ReadonlyMap<string, string>; full: ReadonlyMap<string, Added> }> {
  /** Event key to settlement id. */
  const stored = new Map<string, string>();
  const full = new Map<string, Added>();
  let waiting = candidates.filter(({ facts }) => isPayable(facts));
  const available = new Map(
    waiting.map(({ wanted, facts }) => [vaultKey(wanted, facts), BigInt(facts.available ?? 0)]),
  );
  const settlementIds = new Map<string, string>();
  let hasKnown = true;
  while (hasKnown && waiting.length > 0) {
    const { granted, refused } = grant(waiting, available);
    const named = nameSettlements(granted, settlementIds, context);
    for (const added of await store(client, named, context)) {
      for (const id of added.eventIds) stored.set(keyText(added.tenantId, id), added.id);
      if (added.isFull) full.set(added.id, added);
    }
    const added = granted.filter(({ wanted }) => stored.has(eventKey(wanted)));
    for (const { wanted, facts } of added) {
      const key = vaultKey(wanted, facts);
      available.set(key, (available.get(key) ?? 0n) - wanted.event.amountStroops);
    }
    hasKnown = added.length < granted.length;
    waiting = refused;
  }
  return { stored, full };
}

function grant(waiting: readonly Candidate[], available: ReadonlyMap<string, bigint>) {
  const isGranted = reserveInOrder(
    waiting.map(({ wanted, facts }) => ({
      key: vaultKey(wanted, facts),
      amountStroops: wanted.event.amountStroops,
    })),
    available,
  );
  return {
    granted: waiting.filter((_candidate, index) => isGranted[index]),
    refused: waiting.filter((_candidate, index) => !isGranted[index]),
  };
}

/** The open settlement of each, or a new one that those of the same API, payee and vault share. */
function nameSettlements(
  granted: readonly Candidate[],
  settlementIds: Map<string, string>,
  { newId }: ReserveContext,
): Granted[] {
  return granted.map((candidate) => {
    const key = settlementKey(candidate);
    const settlementId = settlementIds.get(key) ?? candidate.facts.openId ?? newId();
    settlementIds.set(key, settlementId);
    return { ...candidate, settlementId };
  });
}

/** In key order, so that two instances whose batches share keys wait in one direction. */
async function store(
  client: pg.PoolClient,
  granted: readonly Granted[],
  { markerOf, now }: ReserveContext,
): Promise<readonly Added[]> {
  if (granted.length === 0) return [];
  const sorted = granted.toSorted((a, b) => compare(wantedKey(a.wanted), wantedKey(b.wanted)));
  const settlements = [...new Map(sorted.map((one) => [one.settlementId, one])).values()];
  const { rows } = await client.query<Added>({
    name: "reserve-usage-events",
    text: RESERVE,
    values: [...eventColumns(sorted), ...settlementColumns(settlements, markerOf), now()],
  });
  return rows;
}

function eventColumns(granted: readonly Granted[]): unknown[] {
  const column = (valueOf: (event: NewUsageEvent) => unknown) =>
    granted.map(({ wanted }) => valueOf(wanted.event));
  return [
    granted.map(({ wanted }) => wanted.tenantId),
    column(({ requestId }) => requestId),
    column(({ id }) => id),
    column(({ fingerprint }) => Buffer.from(fingerprint)),
    column(({ userId }) => userId),
    column(({ apiId }) => apiId),
    column(({ endpointId }) => endpointId),
    column(({ apiKeyId }) => apiKeyId),
    column(({ amountStroops }) => String(amountStroops)),
    column(({ createdAt }) => createdAt.toISOString()),
    granted.map(({ settlementId }) => settlementId),
  ];
}

function settlementColumns(
  settlements: readonly Granted[],
  markerOf: ReserveContext["markerOf"],
): unknown[] {
  const column = (valueOf: (one: Granted) => unknown) => settlements.map(valueOf);
  return [
    column(({ wanted }) => wanted.tenantId),
    column(({ settlementId }) => settlementId),
    column(({ wanted }) => wanted.event.apiId),
    column(({ facts }) => facts.payee),
    column(({ facts }) => facts.vaultContractId),
    column(({ wanted, settlementId }) => markerOf(wanted.tenantId, settlementId)),
    column(({ facts }) => facts.everySeconds),
    column(({ facts }) => (facts.atUsdc === null ? null : String(stroopsOf(facts.atUsdc)))),
  ];
}

async function closeFull(
  client: pg.PoolClient,
  full: ReadonlyMap<string, Added>,
  now: string | null,
): Promise<void> {
  if (full.size === 0) return;
  const tenantIds = [...full.values()].map(({ tenantId }) => tenantId);
  await client.query(CLOSE, [tenantIds, [...full.keys()], now]);
}

/**
 * By key, as of now: a statement of its own sees what was committed while the others ran. The order
 * leaves the planner no index but the primary key's, also before it has statistics.
 */
const FIND = `
  select found.* from unnest($1::text[], $2::text[]) as given (tenant_id, request_id)
  cross join lateral (
    select * from usage_events as events
    where events.tenant_id = given.tenant_id and events.request_id >= given.request_id
    order by events.request_id limit 1
  ) as found
  where found.request_id = given.request_id
`;

async function findKnown(client: pg.PoolClient, wanted: readonly Wanted[]) {
  if (wanted.length === 0) return new Map<string, Selectable<UsageEventsTable>>();
  const { rows } = await client.query<Selectable<UsageEventsTable>>({
    name: "find-reserved-events",
    text: FIND,
    values: [wanted.map(({ tenantId }) => tenantId), wanted.map(({ event }) => event.requestId)],
  });
  return new Map(rows.map((row) => [keyText(row.tenant_id, row.request_id), row]));
}

function reserved({ wanted, facts }: Candidate, settlementId: string): Reservation {
  if (facts.vaultContractId === null) return lost();
  return {
    outcome: "reserved",
    event: { ...wanted.event, status: "reserved", settlementId },
    vaultContractId: facts.vaultContractId,
    balanceAgeMs: facts.ageMs ?? 0,
  };
}

function refusal({ facts }: Candidate): Reservation {
  const { vaultContractId, mode } = facts;
  if (vaultContractId === null) return { outcome: "vault_not_found" };
  if (mode === null) return { outcome: "api_not_found" };
  if (mode === "per_request") return { outcome: "per_request" };
  const outcome = isPayable(facts) ? "insufficient_balance" : "balance_unknown";
  return { outcome, vaultContractId };
}

/** Whether the vault is held by this transaction and was read lately enough. */
function isPayable({ mode, ageMs }: Facts): boolean {
  return mode === "aggregated" && ageMs !== null && ageMs <= MAX_BALANCE_AGE_MS;
}

function vaultKey({ tenantId }: Wanted, { vaultContractId }: Facts): string {
  return keyText(tenantId, vaultContractId ?? "");
}

function settlementKey({ wanted, facts }: Candidate): string {
  return [wanted.tenantId, wanted.event.apiId, facts.payee, facts.vaultContractId].join("\n");
}

function eventKey({ tenantId, event }: Wanted): string {
  return keyText(tenantId, event.id);
}

/** What makes two requests the same. */
export function wantedKey({ tenantId, event }: Wanted): string {
  return keyText(tenantId, event.requestId);
}

function keyText(tenantId: string, name: string): string {
  return `${tenantId}\n${name}`;
}

function lost(): never {
  throw new Error("a request was neither stored nor found");
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
