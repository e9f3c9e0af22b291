import { Type } from "typebox";
import { closed, Label } from "../fields.schemas.ts";

export const StatsQuery = Type.Object(
  {
    category: Type.Optional(Label("Pools of exactly this category.", 100)),
    status: Type.Optional(
      Type.Union((["active", "closed", "settled"] as const).map((status) => Type.Literal(status))),
    ),
  },
  closed,
);

export const StatsReply = Type.Object({
  totalValueLocked: Type.String({ description: "Stakes and predictions, a decimal string." }),
  totalBets: Type.Integer({ description: "Predictions." }),
  totalPools: Type.Integer(),
});
