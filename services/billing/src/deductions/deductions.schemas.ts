import { USDC_PATTERN } from "@orrery/common/contracts/money";
import { Type } from "typebox";
import { ApiId, ConsumerId, EndpointId, RequestId, UserId } from "../identifiers.schemas.ts";

const closed = { additionalProperties: false } as const;

const AmountUsdc = Type.String({
  description: "USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.",
  maxLength: 40,
  pattern: USDC_PATTERN,
  examples: ["1.5"],
});

const Time = Type.String({ description: "RFC 3339, UTC, milliseconds." });

export const DeductBody = Type.Object(
  {
    requestId: RequestId,
    userId: UserId,
    apiId: ApiId,
    endpointId: EndpointId,
    apiKeyId: ConsumerId("The consumer's key that was used.", "key-1"),
    amountUsdc: AmountUsdc,
  },
  closed,
);

export const RequestParams = Type.Object({ requestId: RequestId }, closed);

const identity = {
  usageEventId: Type.String({ description: "Orrery's id of the charge, a UUIDv7." }),
  requestId: RequestId,
  amountUsdc: AmountUsdc,
};

const charge = {
  ...identity,
  status: Type.Literal("confirmed"),
  stellarTxHash: Type.Union([Type.String(), Type.Null()], {
    description: "Null when the contract's own memory alone proves the charge.",
  }),
  ledger: Type.Union([Type.Integer(), Type.Null()]),
};

export const ChargedReply = Type.Object({ ...charge, alreadyProcessed: Type.Boolean() });

export const PendingReply = Type.Object({
  ...identity,
  status: Type.Union([Type.Literal("pending"), Type.Literal("reserved")], {
    description: "`reserved`: its API settles aggregated; it is confirmed with its settlement.",
  }),
});

const Failure = Type.Object({
  reason: Type.String(),
  contractError: Type.Optional(Type.Integer()),
});

export const UsageStatus = Type.Union([
  Type.Literal("pending"),
  Type.Literal("reserved"),
  Type.Literal("confirmed"),
  Type.Literal("failed"),
]);

export const SettlementId = Type.String({
  description: "The aggregated settlement that charges it, a UUID.",
  pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
});

const usageEvent = {
  ...identity,
  userId: UserId,
  apiId: ApiId,
  endpointId: EndpointId,
  apiKeyId: Type.String(),
  status: UsageStatus,
  settlementId: Type.Optional(SettlementId),
  stellarTxHash: Type.Union([Type.String(), Type.Null()]),
  ledger: Type.Union([Type.Integer(), Type.Null()]),
  failure: Type.Optional(Failure),
  createdAt: Time,
  settledAt: Type.Optional(Time),
};

export const UsageEventReply = Type.Object(usageEvent);

export const RequestReply = Type.Object({
  ...usageEvent,
  attempts: Type.Array(
    Type.Object({
      state: Type.String(),
      stellarTxHashes: Type.Array(Type.String()),
      preparedAt: Type.Optional(Time),
      sentAt: Type.Optional(Time),
      endedAt: Type.Optional(Time),
      ledger: Type.Optional(Type.Integer()),
      failure: Type.Optional(Failure),
    }),
    { description: "Oldest first." },
  ),
});
