import { Type } from "typebox";
import { closed, PageMeta } from "../fields.schemas.ts";
import { PublicTokenReply } from "../tokens/tokens.schemas.ts";

export const BoardParams = Type.Object(
  {
    type: Type.String({
      description: "most-burned, most-active, most-burners, newest or largest-supply.",
      maxLength: 64,
    }),
  },
  closed,
);

export const BoardQuery = Type.Object(
  {
    period: Type.Union(
      (["24h", "7d", "30d", "all"] as const).map((period) => Type.Literal(period)),
      {
        description:
          "How far back burns count, the bound included; newest and largest-supply have all.",
        default: "7d",
      },
    ),
    scope: Type.Union([Type.Literal("platform"), Type.Literal("tenant")], {
      description: "The listed tokens of everyone, or all of the tenant's own.",
      default: "platform",
    }),
    page: Type.Integer({ minimum: 1, maximum: 100, default: 1 }),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  },
  closed,
);

export const BoardReply = Type.Object({
  data: Type.Array(
    Type.Object({
      rank: Type.Integer({ description: "Over all pages, from 1." }),
      token: PublicTokenReply,
      metric: Type.String({
        description:
          "What the board ranks by, as text: an amount in the smallest unit, a count, or for newest the time of creation.",
      }),
    }),
  ),
  meta: Type.Object({
    type: Type.String(),
    period: Type.String(),
    scope: Type.String(),
    updatedAt: Type.String({ description: "When the board was read from the scores." }),
    ...PageMeta,
  }),
});
