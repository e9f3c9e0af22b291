import type pg from "pg";
import { assertEvent } from "../../contracts/events.ts";
import { callFunction } from "../calls/call-function.ts";
import type { Settled } from "../micro-batch.ts";
import type { Announcement } from "../outbox/outbox-repository.ts";
import { isRowFault } from "../postgres-error.ts";
import { burnExceedsSupply, tokenNotFound } from "./burn-problems.ts";
import type { NewBurn } from "./burn-repository.ts";
import type { TokenIds } from "./token-ids.kysely.ts";

/** A burn as it was reported, with the event that tells of it once the token's id is known. */
export interface GivenBurn {
  readonly tenantId: string;
  readonly burn: NewBurn;
  readonly announce: (tokenId: string) => Announcement;
}

/** What became of a burn that was not refused. */
export type Recording =
  | { readonly outcome: "recorded"; readonly recordedAt: Date; readonly sequence: bigint }
  /** It had been recorded before, perhaps with other fields. */
  | { readonly outcome: "known" };

/** A burn of a token that is there. */
export interface AnnouncedBurn extends GivenBurn {
  readonly announcement: Announcement;
}

/** What the database says of each burn, by its event's id, in any order. */
export interface RecordedRow {
  readonly event_id: string;
  readonly outcome: "recorded" | "known" | "token_not_found" | "burn_exceeds_supply";
  readonly recorded_at: Date;
  readonly sequence: string | null;
}

export function announced(given: GivenBurn, tokenId: string): AnnouncedBurn {
  const announcement = given.announce(tokenId);
  assertEvent(announcement.event);
  return { ...given, announcement };
}

/**
 * Records batches of burns, no two the same, each as if it had come alone: what the database refuses
 * fails alone.
 */
export function recordBurns(
  pool: pg.Pool,
  ids: TokenIds,
  now: () => Date | undefined,
): (items: readonly GivenBurn[]) => Promise<readonly Settled<Recording>[]> {
  const recordTogether = async (items: readonly GivenBurn[]) => {
    const names = items.map(({ tenantId, burn }) => ({ tenantId, address: burn.tokenAddress }));
    const tokenIds = await ids.find(names);
    const burns = items.map((item, index) => {
      const tokenId = tokenIds[index];
      return tokenId === undefined ? undefined : announced(item, tokenId);
    });
    const present = burns.filter((burn) => burn !== undefined);
    const rows =
      present.length === 0
        ? []
        : await callFunction<RecordedRow>(pool, recordStatement(present, now()));
    const byEvent = new Map(rows.map((row) => [row.event_id, row]));
    return items.map((item, index) => settled(item, byEvent.get(eventIdOf(burns[index]))));
  };
  const record = async (items: readonly GivenBurn[]): Promise<readonly Settled<Recording>[]> => {
    try {
      return await recordTogether(items);
    } catch (error) {
      if (items.length === 1 || !isRowFault(error)) return items.map(() => ({ error }));
    }
    const ends: Settled<Recording>[] = [];
    for (const item of items) ends.push(...(await record([item])));
    return ends;
  };
  return record;
}

/** Gives a `RecordedRow` for each burn. It acts for their tenants until the transaction ends. */
export function recordStatement(burns: readonly AnnouncedBurn[], now: Date | undefined) {
  const tenants = [...new Set(burns.map(({ tenantId }) => tenantId))];
  const columns = [
    burns.map(({ tenantId }) => tenantId),
    burns.map(({ burn }) => burn.tokenAddress),
    burns.map(({ burn }) => burn.txHash),
    burns.map(({ burn }) => burn.eventIndex),
    burns.map(({ burn }) => burn.id),
    burns.map(({ burn }) => burn.from),
    burns.map(({ burn }) => burn.amount.toString()),
    burns.map(({ burn }) => burn.burnedBy),
    burns.map(({ burn }) => burn.isAdminBurn),
    burns.map(({ burn }) => burn.verified),
    burns.map(({ burn }) => burn.burnedAt?.toISOString() ?? null),
    burns.map(({ burn }) => burn.createdAt.toISOString()),
    burns.map(({ announcement }) => announcement.event.id),
    burns.map(({ announcement }) => announcement.event.type),
    burns.map(({ announcement }) => JSON.stringify(announcement.event.payload)),
    // Topics are made of encoded parts: none holds a line break.
    burns.map(({ announcement }) => announcement.topics.join("\n")),
    burns.map(({ announcement }) => announcement.event.occurredAt.toISOString()),
  ];
  return {
    name: "record-burns",
    text: RECORD,
    values: [tenants.join(","), now?.toISOString() ?? null, ...columns],
  };
}

const PARAMETER_COUNT = 19;
const RECORD = `
  select event_id, outcome, recorded_at, sequence
  from record_burns(${Array.from({ length: PARAMETER_COUNT }, (_, at) => `$${at + 1}`).join(", ")})
`;

/** @throws {ProblemError} token_not_found, burn_exceeds_supply */
export function recordingOf({ burn }: GivenBurn, row: RecordedRow | undefined): Recording {
  switch (row?.outcome) {
    case "recorded":
      if (row.sequence === null) throw new Error("a recorded burn has a place in the queue");
      return { outcome: "recorded", recordedAt: row.recorded_at, sequence: BigInt(row.sequence) };
    case "known":
      return { outcome: "known" };
    case "burn_exceeds_supply":
      throw burnExceedsSupply();
    case "token_not_found":
    case undefined:
      throw tokenNotFound(burn.tokenAddress);
  }
}

function settled(item: GivenBurn, row: RecordedRow | undefined): Settled<Recording> {
  try {
    return { value: recordingOf(item, row) };
  } catch (error) {
    return { error };
  }
}

function eventIdOf(burn: AnnouncedBurn | undefined): string {
  return burn?.announcement.event.id ?? "";
}
