import type { DomainEvent } from "../../contracts/events.ts";
import { uuidv7 } from "../../contracts/id.ts";
import type { BurnRepository, NewBurn } from "../burn/burn-repository.ts";
import type { LeaderboardRepository } from "../leaderboard/leaderboard-repository.ts";
import type { Announcement, OutboxRepository } from "../outbox/outbox-repository.ts";
import type { PoolRepository } from "../pool/pool-repository.ts";
import type { NewToken, TokenRepository } from "./token-repository.ts";

/** One set of adapters over the same, empty state, whose time stands where the test puts it. */
export interface CatalogAdapters {
  readonly tokens: TokenRepository;
  readonly burns: BurnRepository;
  readonly boards: LeaderboardRepository;
  readonly pools: PoolRepository;
  readonly outbox: OutboxRepository;
  readonly time: { nowMs: number };
}

export type MakeAdapters = () => Promise<CatalogAdapters>;

export const NOW_MS = Date.UTC(2026, 5, 15, 12);

export function announcementOf(
  event: Pick<DomainEvent, "type" | "payload">,
  tenantId: string,
  topics: readonly string[] = ["topic"],
): Announcement {
  const announced = { ...event, id: uuidv7(), tenantId, occurredAt: new Date(NOW_MS) };
  return { event: announced as DomainEvent, topics };
}

export async function addToken(
  { tokens, time }: CatalogAdapters,
  tenantId: string,
  fields: Partial<NewToken> = {},
) {
  const token: NewToken = {
    id: uuidv7(),
    address: "TOKEN",
    name: "Nova",
    symbol: "NOV",
    decimals: 7,
    totalSupply: 1_000n,
    metadataUri: undefined,
    listed: true,
    createdAt: new Date(time.nowMs),
    ...fields,
  };
  const event = { type: "token.created", payload: { tokenId: token.id } } as const;
  return tokens.create(tenantId, token, announcementOf(event, tenantId));
}

let burnCount = 0;

export async function addBurn(
  { burns, time }: CatalogAdapters,
  tenantId: string,
  fields: Partial<NewBurn> = {},
) {
  burnCount += 1;
  const burn: NewBurn = {
    id: uuidv7(),
    tokenAddress: "TOKEN",
    txHash: `tx-${burnCount}`,
    eventIndex: 0,
    from: "holder",
    amount: 10n,
    burnedBy: "burner",
    isAdminBurn: false,
    verified: false,
    burnedAt: undefined,
    createdAt: new Date(time.nowMs),
    ...fields,
  };
  return burns.record(tenantId, burn, (tokenId) =>
    announcementOf({ type: "burn.created", payload: { tokenId } }, tenantId),
  );
}

/** The events that are queued, taken in one batch after the other. */
export async function drain({ outbox }: CatalogAdapters) {
  const events: DomainEvent[] = [];
  for (;;) {
    const batch = await outbox.relay(100);
    if (batch === undefined) return events;
    events.push(...batch.events);
  }
}
