import type pg from "pg";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import { type Facts, READ_FACTS } from "./reserve-statements.kysely.ts";
import { LOCK_VAULTS } from "./vault-statements.kysely.ts";

/** One request to reserve. */
export interface Wanted {
  readonly tenantId: string;
  readonly event: NewUsageEvent;
}

/** A request with what decides about it. */
export interface Candidate {
  readonly wanted: Wanted;
  readonly facts: Facts;
}

interface LockedVault {
  tenantId: string;
  vaultContractId: string;
}

/**
 * Locks the vaults that the requests pay from, until the transaction ends, and reads what decides
 * about each: once for all requests of one user and API.
 */
export async function readCandidates(
  client: pg.PoolClient,
  batch: readonly Wanted[],
  now: string | null,
): Promise<Candidate[]> {
  const parties = new Map(batch.map((wanted) => [partyKey(wanted), wanted]));
  const locked = await lockVaults(client, [...parties.values()]);
  const facts = await readFacts(client, [...parties.values()], locked, now);
  const byParty = new Map([...parties.keys()].map((key, place) => [key, facts.get(place)]));
  return batch.map((wanted) => ({ wanted, facts: byParty.get(partyKey(wanted)) ?? lost() }));
}

async function lockVaults(
  client: pg.PoolClient,
  parties: readonly Wanted[],
): Promise<readonly LockedVault[]> {
  const { rows } = await client.query<LockedVault>({
    name: "lock-vaults",
    text: LOCK_VAULTS,
    values: partyColumns(parties),
  });
  return rows;
}

async function readFacts(
  client: pg.PoolClient,
  parties: readonly Wanted[],
  locked: readonly LockedVault[],
  now: string | null,
): Promise<ReadonlyMap<number, Facts>> {
  const { rows } = await client.query<Facts>({
    name: "read-reservation-facts",
    text: READ_FACTS,
    values: [
      parties.map((_wanted, place) => place),
      ...partyColumns(parties),
      locked.map(({ tenantId }) => tenantId),
      locked.map(({ vaultContractId }) => vaultContractId),
      now,
    ],
  });
  return new Map(rows.map((facts) => [facts.place, facts]));
}

/** Tenant ids, user ids, API ids. */
function partyColumns(parties: readonly Wanted[]): string[][] {
  return [
    parties.map(({ tenantId }) => tenantId),
    parties.map(({ event }) => event.userId),
    parties.map(({ event }) => event.apiId),
  ];
}

function partyKey({ tenantId, event }: Wanted): string {
  return `${tenantId}\n${event.userId}\n${event.apiId}`;
}

function lost(): never {
  throw new Error("a request was given no facts");
}
