import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { POOL_SORTS, POOL_STATUSES } from "@orrery/common/repositories/pool/pool-repository";
import { Type } from "typebox";
import {
  closed,
  Identifier,
  Instant,
  Label,
  PositiveStakeAmount,
  StakeAmount,
} from "../fields.schemas.ts";

const EventId = Identifier("The delivery's id: counted once per tenant, however often it arrives.");
const Outcome = Label("An outcome of the pool.", 100);

export const PoolParams = Type.Object(
  { poolId: Identifier("The pool's id; unique on the platform.") },
  closed,
);

export const CreatePoolBody = Type.Object(
  {
    eventId: EventId,
    poolId: Identifier("The pool's id; unique on the platform."),
    name: Label("The pool's name.", 200),
    category: Label("What statistics are filtered by.", 100),
    token: Identifier("The asset that is staked."),
    endTime: Instant("When predictions end; `close` says so."),
    initialStake: Type.Optional(StakeAmount("What the pool begins with; 0 when left out.")),
  },
  closed,
);

export const PredictionBody = Type.Object(
  {
    eventId: EventId,
    userAddress: Identifier("Who predicts."),
    outcome: Outcome,
    amount: PositiveStakeAmount("What is staked; added to the pool's stake."),
  },
  closed,
);

export const CloseBody = Type.Object({ eventId: EventId }, closed);

export const SettleBody = Type.Object({ eventId: EventId, outcome: Outcome }, closed);

export const PoolReply = Type.Object({
  poolId: Type.String(),
  name: Type.String(),
  category: Type.String(),
  token: Type.String(),
  endTime: Type.String(),
  status: Type.String(),
  outcome: Type.Optional(Type.String()),
  totalStake: Type.String({ description: "The initial stake and every prediction's amount." }),
  predictionCount: Type.Integer(),
  createdAt: Type.String(),
  closedAt: Type.Optional(Type.String()),
  settledAt: Type.Optional(Type.String()),
});

export const PoolsQuery = Type.Object(
  {
    ...PAGE_QUERY,
    category: Type.Optional(Label("Only pools of exactly this category.", 100)),
    status: Type.Optional(
      Type.Union(
        POOL_STATUSES.map((status) => Type.Literal(status)),
        { description: "Only pools in this state." },
      ),
    ),
    sort: Type.Union(
      POOL_SORTS.map((sort) => Type.Literal(sort)),
      {
        description: "newest: the latest created first. ending: the earliest endTime first.",
        default: "newest",
      },
    ),
  },
  closed,
);

export const PoolsReply = KeysetPage(PoolReply);

export const PredictionReply = Type.Object({
  eventId: Type.String(),
  poolId: Type.String(),
  userAddress: Type.String(),
  outcome: Type.String(),
  amount: Type.String(),
  createdAt: Type.String(),
});
