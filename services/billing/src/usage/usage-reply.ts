import { encodeCursor, encodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { formatUsdc } from "@orrery/common/contracts/money";
import type {
  UsageGrouping,
  UsagePage,
  UsageSummary,
} from "@orrery/common/repositories/usage-report/usage-report";
import type { Static } from "typebox";
import { usageEventReply } from "../deductions/deduction-reply.ts";
import type { SummaryReply, UsagePageReply } from "./usage.schemas.ts";

export function usagePageReply(
  { events, hasNext, total }: UsagePage,
  limit: number,
): Static<typeof UsagePageReply> {
  const last = events.at(-1);
  const nextCursor =
    hasNext && last !== undefined ? encodeTimeCursor({ at: last.createdAt, id: last.id }) : null;
  return { data: events.map(usageEventReply), meta: { limit, hasNext, nextCursor, total } };
}

export function summaryReply(
  { groups, hasNext, total, count, amountStroops }: UsageSummary,
  groupBy: UsageGrouping,
  limit: number,
): Static<typeof SummaryReply> {
  const last = groups.at(-1);
  const nextCursor = hasNext && last !== undefined ? encodeCursor(last.key) : null;
  return {
    data: groups.map((group) => ({
      key: group.key,
      count: group.count,
      amountUsdc: formatUsdc(group.amountStroops),
    })),
    meta: {
      limit,
      hasNext,
      nextCursor,
      total,
      groupBy,
      count,
      amountUsdc: formatUsdc(amountStroops),
    },
  };
}
