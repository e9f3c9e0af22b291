import { uuidv7 } from "../../contracts/id.ts";
import {
  type AccrualTerms,
  type ActiveTime,
  accruedStroops,
  activeMsAt,
} from "../../contracts/streams/accrual.ts";
import type { ActivityEvent, ActivityType } from "./activity-event.ts";

export const STREAM_STATUSES = [
  "draft",
  "active",
  "paused",
  "ended",
  "withdrawn",
  "cancelled",
] as const;

export type StreamStatus = (typeof STREAM_STATUSES)[number];

/** The actions that pay what has accrued. */
export type SettlingAction = "stop" | "settle" | "cancel";

/** One payment of a stream's accrual, frozen when it was asked for. */
export interface StreamSettlement {
  /** The one intent that pays it. */
  readonly intentId: string;
  readonly action: SettlingAction;
  /** `pending` until the chain has answered, also while its answer cannot be told. */
  readonly state: "pending" | "confirmed";
  /** At least 1. */
  readonly amountStroops: bigint;
  /** The active time that it pays for. */
  readonly activeMs: number;
  readonly vaultContractId: string;
  readonly requestedAt: Date;
  /** Absent on a confirmed one that the contract's own memory alone proves. */
  readonly txHash?: string;
  readonly ledger?: number;
}

export type WithdrawalFailure = "finality_timeout" | "settlement_tx_missing";

/** The recipient's wish to have the settlement final: so many ledgers over it. */
export interface Withdrawal {
  readonly state: "pending" | "succeeded" | "failed";
  /** Of the request that began it, so that a repeat of that is told how it ended. */
  readonly effectId?: string;
  readonly requestedAt: Date;
  readonly resolvedAt?: Date;
  readonly failureCode?: WithdrawalFailure;
  /** The newest ledger when the network first did not know the settlement's transaction. */
  readonly missingAtLedger?: number;
}

/** A payment by the second from a sender's vault to a recipient. */
export interface Stream extends AccrualTerms, ActiveTime {
  readonly id: string;
  readonly senderUserId: string;
  /** A Stellar address. */
  readonly recipient: string;
  readonly token: "USDC";
  readonly status: StreamStatus;
  readonly settledStroops: bigint;
  /** Settlements that were begun, whatever became of them: each has its own number. */
  readonly settlementCount: number;
  /** The one that is under way, or that was paid. */
  readonly settlement?: StreamSettlement;
  readonly withdrawal?: Withdrawal;
  readonly startedAt?: Date;
  /** When it was last paused; gone once it is started again. */
  readonly pausedAt?: Date;
  readonly endedAt?: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When its newest activity event happened. */
  readonly lastEventAt: Date;
}

/** What a consumer asked to have set up. */
export type NewStream = Pick<
  Stream,
  "id" | "senderUserId" | "recipient" | "token" | "ratePerSecondStroops" | "totalStroops"
>;

/** A stream as it is to be, with what is told of the change. */
export interface StreamChange {
  readonly stream: Stream;
  readonly event: ActivityEvent;
}

/** Whether a settlement of it is under way. */
export function isSettling({ settlement }: Stream): boolean {
  return settlement?.state === "pending";
}

/** The active time that counts: frozen while a settlement is under way. */
function countedMs(stream: Stream, at: Date): number {
  const { settlement } = stream;
  return settlement?.state === "pending" ? settlement.activeMs : activeMsAt(stream, at);
}

/** What has accrued by then, paid or not. */
export function accruedAt(stream: Stream, at: Date): bigint {
  return accruedStroops(stream, countedMs(stream, at));
}

/** A stream that was never started, with the event that tells of it. */
export function draftStream(wanted: NewStream, at: Date): StreamChange {
  const stream: Stream = {
    ...wanted,
    status: "draft",
    activeMs: 0,
    settledStroops: 0n,
    settlementCount: 0,
    createdAt: at,
    updatedAt: at,
    lastEventAt: at,
  };
  return { stream, event: eventOf(stream, "stream.created", {}) };
}

/**
 * Tells of a change: the event happened at `at`, or a millisecond after the one before, so that a
 * stream's events are in the order in which they happened.
 */
export function told(
  stream: Stream,
  type: ActivityType,
  at: Date,
  details: ActivityEvent["details"] = {},
): StreamChange {
  const lastEventAt = new Date(Math.max(at.getTime(), stream.lastEventAt.getTime() + 1));
  const changed = { ...stream, lastEventAt };
  return { stream: changed, event: eventOf(changed, type, details) };
}

function eventOf(
  { id: streamId, lastEventAt: happenedAt }: Stream,
  type: ActivityType,
  details: ActivityEvent["details"],
): ActivityEvent {
  return { id: uuidv7(happenedAt.getTime()), streamId, type, happenedAt, details };
}
