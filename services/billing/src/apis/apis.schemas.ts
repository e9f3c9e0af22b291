import { USDC_PATTERN } from "@orrery/common/contracts/money";
import { Type } from "typebox";
import { ApiId } from "../identifiers.schemas.ts";
import { PAYEE_PATTERN } from "../stellar-address.ts";

const closed = { additionalProperties: false } as const;

export const ApiParams = Type.Object({ apiId: ApiId }, closed);

const fields = {
  name: Type.String({ description: "What people call it.", minLength: 1, maxLength: 255 }),
  payoutAddress: Type.String({
    description: "Where its earnings go: an account `G…` or a contract `C…`.",
    pattern: PAYEE_PATTERN,
  }),
};

const Settlement = Type.Union([Type.Literal("per_request"), Type.Literal("aggregated")], {
  description:
    "`per_request`: each deduction is a charge of its own on chain. `aggregated`: deductions are reserved " +
    "against the vault and charged together. A change is for later requests alone.",
  default: "per_request",
});

const SettleEverySeconds = Type.Integer({
  description: "Aggregated only: the longest that usage waits for its settlement to close.",
  minimum: 1,
  maximum: 86_400,
  examples: [60],
});

const SettleAtUsdc = Type.String({
  description: "Aggregated only: a settlement closes as soon as its sum reaches this.",
  maxLength: 40,
  pattern: USDC_PATTERN,
  examples: ["25"],
});

const terms = {
  settleEverySeconds: Type.Optional(SettleEverySeconds),
  settleAtUsdc: Type.Optional(SettleAtUsdc),
};

export const PutApiBody = Type.Object(
  { ...fields, settlement: Type.Optional(Settlement), ...terms },
  closed,
);

export const ApiReply = Type.Object({
  apiId: ApiId,
  ...fields,
  settlement: Settlement,
  ...terms,
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
