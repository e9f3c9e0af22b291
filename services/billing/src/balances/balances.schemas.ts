import { Type } from "typebox";
import { UserId } from "../identifiers.schemas.ts";

export const BalanceParams = Type.Object({ userId: UserId }, { additionalProperties: false });

export const BalanceReply = Type.Object({
  userId: UserId,
  contractId: Type.String(),
  balanceUsdc: Type.String({ description: "On chain, as of `ledger`." }),
  ledger: Type.Integer({ description: "The ledger that the balance was read at." }),
  pendingUsdc: Type.String({ description: "Accepted against this vault, not yet on chain." }),
});
