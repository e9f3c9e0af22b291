import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { USDC_PATTERN } from "@orrery/common/contracts/money";
import { STREAM_STATUSES, type StreamStatus } from "@orrery/common/repositories/stream/stream";
import { Type } from "typebox";
import { ConsumerId, UserId } from "../identifiers.schemas.ts";
import { PAYEE_PATTERN } from "../stellar-address.ts";
import { STREAM_ACTIONS, type StreamAction } from "./stream-actions.ts";

const closed = { additionalProperties: false } as const;

const Time = Type.String({ description: "RFC 3339, UTC, milliseconds." });
const Usdc = (description: string) => Type.String({ description, examples: ["1.5"] });

export const StreamId = ConsumerId("The stream's id: a UUIDv7 unless it was given.", "stream-ada");
const SenderUserId = UserId;
const Recipient = Type.String({
  description: "The Stellar address that is paid, `G…` or `C…`.",
  pattern: PAYEE_PATTERN,
});
const Token = Type.Literal("USDC", { description: "The vault's asset." });
const RatePerSecondStroops = Type.String({
  description: "What accrues in a second: whole stroops, 1 … 2^63−1; 1 USDC is 10^7 of them.",
  maxLength: 19,
  pattern: "^[1-9]\\d*$",
  examples: ["1000"],
});
const Status = Type.Unsafe<StreamStatus>(
  Type.Union(STREAM_STATUSES.map((status) => Type.Literal(status))),
);

const NextAction = Type.Unsafe<StreamAction | null>(
  Type.Union([...STREAM_ACTIONS.map((action) => Type.Literal(action)), Type.Null()]),
);

export const StreamParams = Type.Object({ streamId: StreamId }, closed);

export const CreateStreamBody = Type.Object(
  {
    id: Type.Optional(StreamId),
    senderUserId: SenderUserId,
    recipient: Recipient,
    token: Type.Optional(Token),
    ratePerSecondStroops: RatePerSecondStroops,
    totalAmountUsdc: Type.String({
      description: "The most that is ever paid: more than 0, at most 2^63−1 stroops.",
      maxLength: 40,
      pattern: USDC_PATTERN,
      examples: ["25"],
    }),
  },
  closed,
);

/** An action says all that it has to say in its path. */
export const ActionBody = Type.Object({}, closed);

export const StreamsQuery = Type.Object({ status: Type.Optional(Status), ...PAGE_QUERY }, closed);

const PendingSettlement = Type.Object(
  { action: Type.String(), amountUsdc: Usdc("What is being paid."), requestedAt: Time },
  { description: "The settlement under way; its amount and what has accrued are frozen." },
);

const Withdrawal = Type.Object({
  state: Type.Union([Type.Literal("pending"), Type.Literal("succeeded"), Type.Literal("failed")], {
    description: "`pending`: until the settlement is final. `failed`: may be tried again.",
  }),
  requestedAt: Time,
  resolvedAt: Type.Optional(Time),
  failureCode: Type.Optional(
    Type.Union([Type.Literal("finality_timeout"), Type.Literal("settlement_tx_missing")]),
  ),
});

export const StreamReply = Type.Object({
  id: StreamId,
  senderUserId: SenderUserId,
  recipient: Recipient,
  token: Token,
  ratePerSecondStroops: RatePerSecondStroops,
  totalAmountUsdc: Usdc("The most that is ever paid."),
  accruedUsdc: Usdc("What has accrued by now, paid or not; paused time does not count."),
  settledUsdc: Usdc("What was paid on chain."),
  status: Status,
  nextAction: NextAction,
  startedAt: Type.Optional(Time),
  pausedAt: Type.Optional(Time),
  endedAt: Type.Optional(Type.String({ description: "When it stopped accruing for good." })),
  settlementTxHash: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: "Once it has ended: the settlement's transaction, null when there was none.",
    }),
  ),
  pendingSettlement: Type.Optional(PendingSettlement),
  withdrawal: Type.Optional(Withdrawal),
  createdAt: Time,
  updatedAt: Time,
});

export const StreamsReply = KeysetPage(StreamReply);
