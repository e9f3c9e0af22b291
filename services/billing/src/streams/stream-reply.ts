import { encodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { formatUsdc } from "@orrery/common/contracts/money";
import { accruedAt, isSettling, type Stream } from "@orrery/common/repositories/stream/stream";
import type {
  StreamPage,
  StreamReading,
} from "@orrery/common/repositories/stream/stream-repository";
import type { Static } from "typebox";
import { nextActionOf } from "./stream-actions.ts";
import type { StreamReply, StreamsReply } from "./streams.schemas.ts";

type Reply = Static<typeof StreamReply>;

export function streamReply({ stream, asOf }: StreamReading): Reply {
  return {
    id: stream.id,
    senderUserId: stream.senderUserId,
    recipient: stream.recipient,
    token: stream.token,
    ratePerSecondStroops: String(stream.ratePerSecondStroops),
    totalAmountUsdc: formatUsdc(stream.totalStroops),
    accruedUsdc: formatUsdc(accruedAt(stream, asOf)),
    settledUsdc: formatUsdc(stream.settledStroops),
    status: stream.status,
    nextAction: nextActionOf(stream.status),
    ...timeOf("startedAt", stream.startedAt),
    ...timeOf("pausedAt", stream.pausedAt),
    ...timeOf("endedAt", stream.endedAt),
    ...(stream.endedAt === undefined
      ? {}
      : { settlementTxHash: stream.settlement?.txHash ?? null }),
    ...pendingSettlementOf(stream),
    ...withdrawalOf(stream),
    createdAt: stream.createdAt.toISOString(),
    updatedAt: stream.updatedAt.toISOString(),
  };
}

export function streamsReply(page: StreamPage, limit: number): Static<typeof StreamsReply> {
  const { streams, asOf, hasNext, total } = page;
  const last = streams.at(-1);
  const nextCursor =
    hasNext && last !== undefined ? encodeTimeCursor({ at: last.createdAt, id: last.id }) : null;
  return {
    data: streams.map((stream) => streamReply({ stream, asOf })),
    meta: { limit, hasNext, nextCursor, total },
  };
}

function pendingSettlementOf(stream: Stream): Pick<Reply, "pendingSettlement"> {
  const { settlement } = stream;
  if (settlement === undefined || !isSettling(stream)) return {};
  const { action, amountStroops, requestedAt } = settlement;
  return {
    pendingSettlement: {
      action,
      amountUsdc: formatUsdc(amountStroops),
      requestedAt: requestedAt.toISOString(),
    },
  };
}

function withdrawalOf({ withdrawal }: Stream): Pick<Reply, "withdrawal"> {
  if (withdrawal === undefined) return {};
  const { state, requestedAt, resolvedAt, failureCode } = withdrawal;
  return {
    withdrawal: {
      state,
      requestedAt: requestedAt.toISOString(),
      ...timeOf("resolvedAt", resolvedAt),
      ...(failureCode !== undefined && { failureCode }),
    },
  };
}

function timeOf<Name extends string>(name: Name, at: Date | undefined) {
  return (at === undefined ? {} : { [name]: at.toISOString() }) as { [key in Name]?: string };
}
