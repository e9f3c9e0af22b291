import {
  BOARD_TYPES,
  type BoardRow,
  type BoardType,
  type Period,
} from "@orrery/common/repositories/leaderboard/leaderboard-repository";
import { publicTokenReply } from "../tokens/token.ts";

export function isBoardType(type: string): type is BoardType {
  return (BOARD_TYPES as readonly string[]).includes(type);
}

/** Boards of what tokens are, and not of what happened, have no windows. */
export function periodOf(type: BoardType, asked: Period): Period {
  return type === "newest" || type === "largest-supply" ? "all" : asked;
}

export function boardRowReply(type: BoardType, { token, metric }: BoardRow, rank: number) {
  return {
    rank,
    token: publicTokenReply(token),
    metric: type === "newest" ? new Date(Number(metric)).toISOString() : metric.toString(),
  };
}
