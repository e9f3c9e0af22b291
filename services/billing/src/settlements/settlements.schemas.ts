import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { Type } from "typebox";
import { ApiId } from "../identifiers.schemas.ts";

const closed = { additionalProperties: false } as const;

const State = Type.Union(
  [
    Type.Literal("open"),
    Type.Literal("settling"),
    Type.Literal("confirmed"),
    Type.Literal("failed"),
    Type.Literal("split"),
    Type.Literal("rejected"),
  ],
  {
    description:
      "`open`: takes usage. `settling`: its sum is frozen and being charged. `confirmed`: charged, and all " +
      "its usage with it. `failed`: nobody was charged; it is tried again at `retryAt`, its usage stays reserved. " +
      "`split`: more than the vault lets be charged at once; its usage is in the two settlements whose " +
      "`splitFrom` it is. `rejected`: the same, of a single usage event, which failed.",
  },
);

const Time = Type.String({ description: "RFC 3339, UTC, milliseconds." });

export const SettlementParams = Type.Object(
  { settlementId: Type.String({ minLength: 1, maxLength: 255 }) },
  closed,
);

export const SettlementsQuery = Type.Object(
  { apiId: Type.Optional(ApiId), state: Type.Optional(State), ...PAGE_QUERY },
  closed,
);

export const SettlementReply = Type.Object({
  settlementId: Type.String({ description: "A UUIDv7." }),
  apiId: ApiId,
  payoutAddress: Type.String({ description: "Where the sum goes, frozen when it was opened." }),
  contractId: Type.String({ description: "The vault contract that pays." }),
  state: State,
  count: Type.Integer({ description: "Usage events." }),
  amountUsdc: Type.String({ description: "Their sum: what is charged." }),
  stellarTxHash: Type.Union([Type.String(), Type.Null()]),
  ledger: Type.Union([Type.Integer(), Type.Null()]),
  openedAt: Time,
  closesAt: Type.String({ description: "When it closes at the latest." }),
  closedAt: Type.Optional(Time),
  settledAt: Type.Optional(Time),
  failure: Type.Optional(
    Type.Object(
      { reason: Type.String(), contractError: Type.Optional(Type.Integer()) },
      { description: "Why it failed the last time; gone once it is confirmed." },
    ),
  ),
  failureCount: Type.Integer({ description: "How often it failed so far." }),
  retryAt: Type.Optional(Time),
  splitFrom: Type.Optional(
    Type.String({ description: "The settlement that it was a half of; a UUIDv7." }),
  ),
});

export const SettlementsReply = KeysetPage(SettlementReply);
