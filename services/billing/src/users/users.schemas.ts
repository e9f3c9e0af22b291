import { Type } from "typebox";
import { PAYEE_PATTERN } from "../stellar-address.ts";

const closed = { additionalProperties: false } as const;

const WalletAddress = Type.String({
  description: "A Stellar address, `G…` or `C…`.",
  pattern: PAYEE_PATTERN,
});
const DisplayName = Type.String({
  description: "What the tenant calls the user.",
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\u0000]*$",
});

export const UserParams = Type.Object({ walletAddress: WalletAddress }, closed);

export const PutUserBody = Type.Object({ displayName: Type.Optional(DisplayName) }, closed);

export const UserReply = Type.Object({
  walletAddress: WalletAddress,
  displayName: Type.Union([DisplayName, Type.Null()]),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
