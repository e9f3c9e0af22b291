import { Type } from "typebox";
import { closed, Identifier, Instant, PositiveTokenAmount } from "../fields.schemas.ts";

export const BurnBody = Type.Object(
  {
    txHash: Identifier("The transaction that burned."),
    eventIndex: Type.Optional(
      Type.Integer({
        description: "The burn's place in its transaction.",
        minimum: 0,
        maximum: 2_147_483_647,
        default: 0,
      }),
    ),
    from: Identifier("Whose tokens were burned."),
    amount: PositiveTokenAmount("In the token's smallest unit."),
    burnedBy: Identifier("Who burned them."),
    isAdminBurn: Type.Optional(Type.Boolean({ default: false })),
    timestamp: Type.Optional(
      Instant("When; the present when left out. It counts on boards from then on."),
    ),
  },
  closed,
);

export const BurnReply = Type.Object({
  id: Type.String(),
  tokenAddress: Type.String(),
  txHash: Type.String(),
  eventIndex: Type.Integer(),
  from: Type.String(),
  amount: Type.String(),
  burnedBy: Type.String(),
  isAdminBurn: Type.Boolean(),
  verified: Type.Boolean({ description: "Whether the indexer saw it on chain." }),
  timestamp: Type.String(),
  createdAt: Type.String(),
});
