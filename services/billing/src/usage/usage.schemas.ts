import { KEYSET_META, KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { Type } from "typebox";
import { SettlementId, UsageEventReply, UsageStatus } from "../deductions/deductions.schemas.ts";
import { ApiId, EndpointId, UserId } from "../identifiers.schemas.ts";
import { Timestamp } from "../time-window.ts";

const closed = { additionalProperties: false } as const;

const filter = {
  userId: Type.Optional(UserId),
  apiId: Type.Optional(ApiId),
  endpointId: Type.Optional(EndpointId),
  from: Type.Optional(Timestamp("Accepted (`createdAt`) at this time or later.")),
  to: Type.Optional(Timestamp("Accepted (`createdAt`) before this time.")),
};

export const UsageQuery = Type.Object(
  {
    ...filter,
    status: Type.Optional(UsageStatus),
    settlementId: Type.Optional(SettlementId),
    ...PAGE_QUERY,
  },
  closed,
);

export const UsagePageReply = KeysetPage(UsageEventReply);

const Grouping = Type.Union(
  [Type.Literal("day"), Type.Literal("api"), Type.Literal("endpoint"), Type.Literal("user")],
  { description: "`day` is the UTC day of `createdAt`." },
);

export const SummaryQuery = Type.Object({ groupBy: Grouping, ...filter, ...PAGE_QUERY }, closed);

const totals = {
  count: Type.Integer({ description: "Confirmed charges." }),
  amountUsdc: Type.String({ description: "What they sum up to." }),
};

export const SummaryReply = Type.Object({
  data: Type.Array(Type.Object({ key: Type.String(), ...totals }), {
    description: "Ascending by key, compared byte by byte.",
  }),
  meta: Type.Object(
    { ...KEYSET_META, groupBy: Grouping, ...totals },
    {
      description: "Its count and amountUsdc are those of all groups, not of this page.",
    },
  ),
});
