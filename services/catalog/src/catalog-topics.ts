import { keyPart } from "@orrery/common/cache/cache-key";
import type { DomainEvent } from "@orrery/common/contracts/events";
import {
  BOARD_TYPES,
  type BoardType,
} from "@orrery/common/repositories/leaderboard/leaderboard-repository";

/** The boards that a new token is on at once; a burn may change every board. */
const BOARDS_OF_TOKENS: readonly BoardType[] = ["newest", "largest-supply"];

export const STATS_TOPIC = "stats";

export function searchTopic(tenantId: string): string {
  return `tokens:${tenantId}`;
}

/** `platform`, or a tenant, who may be called `platform` too. */
export function scopePart(tenantId: string | undefined): string {
  return tenantId === undefined ? "platform" : keyPart(tenantId, ["platform"]);
}

export function boardTopic(tenantId: string | undefined, type: BoardType): string {
  return `leaderboard:${scopePart(tenantId)}:${type}`;
}

/** What an event makes old: the one place that decides it. */
export function topicsOf(event: DomainEvent): string[] {
  const { tenantId } = event;
  const boards = (types: readonly BoardType[]) =>
    types.flatMap((type) => [boardTopic(undefined, type), boardTopic(tenantId, type)]);
  switch (event.type) {
    case "token.created":
      return [searchTopic(tenantId), ...boards(BOARDS_OF_TOKENS)];
    case "burn.created":
      return [searchTopic(tenantId), ...boards(BOARD_TYPES)];
    case "pool.created":
    case "prediction.placed":
    case "pool.closed":
    case "pool.settled":
      return [STATS_TOPIC];
  }
}
