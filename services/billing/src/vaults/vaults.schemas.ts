import { Type } from "typebox";
import { UserId } from "../identifiers.schemas.ts";
import { CONTRACT_PATTERN } from "../stellar-address.ts";

const closed = { additionalProperties: false } as const;

export const VaultParams = Type.Object({ userId: UserId }, closed);

const ContractId = Type.String({
  description: "The vault contract that the user pays from, `C…`.",
  pattern: CONTRACT_PATTERN,
});

export const PutVaultBody = Type.Object({ contractId: ContractId }, closed);

export const VaultReply = Type.Object({
  userId: UserId,
  contractId: ContractId,
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
