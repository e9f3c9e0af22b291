import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import {
  ACTIVITY_TYPES,
  type ActivityType,
} from "@orrery/common/repositories/stream/activity-event";
import { Type } from "typebox";
import { StreamId } from "../streams/streams.schemas.ts";

const closed = { additionalProperties: false } as const;

const Kind = Type.Unsafe<ActivityType>(
  Type.Union(ACTIVITY_TYPES.map((type) => Type.Literal(type))),
);

export const StreamActivityQuery = Type.Object(PAGE_QUERY, closed);

export const ActivityQuery = Type.Object({ type: Type.Optional(Kind), ...PAGE_QUERY }, closed);

const ActivityReply = Type.Object({
  id: Type.String({ description: "A UUIDv7." }),
  type: Kind,
  streamId: StreamId,
  happenedAt: Type.String({
    description: "Later than that of every earlier event of the stream.",
  }),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer(), Type.Null()]), {
    description: "What belongs to the type; amounts are USDC.",
  }),
});

export const ActivityPageReply = KeysetPage(ActivityReply);
