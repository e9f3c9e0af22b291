/** Everything that can happen to a stream. */
export const ACTIVITY_TYPES = [
  "stream.created",
  "stream.started",
  "stream.paused",
  "stream.ended",
  "stream.cancelled",
  "stream.settlement_requested",
  "stream.settlement_failed",
  "stream.withdrawal_requested",
  "stream.withdrawal_failed",
  "stream.withdrawn",
] as const;

export type ActivityType = (typeof ACTIVITY_TYPES)[number];

/** Something that happened to a stream; told once and never changed. */
export interface ActivityEvent {
  /** A UUIDv7. */
  readonly id: string;
  readonly streamId: string;
  readonly type: ActivityType;
  /** Later than that of every earlier event of the stream. */
  readonly happenedAt: Date;
  /** Amounts are USDC decimal strings. */
  readonly details: Readonly<Record<string, string | number | null>>;
}
