import { ProblemError } from "@orrery/common/contracts/errors";
import {
  isSettling,
  type Stream,
  type StreamStatus,
} from "@orrery/common/repositories/stream/stream";

export const STREAM_ACTIONS = ["start", "pause", "stop", "settle", "withdraw", "cancel"] as const;

export type StreamAction = (typeof STREAM_ACTIONS)[number];

/** What an action does to a stream: to what status it takes it, nothing, or why it does not. */
type Transition = StreamStatus | "same" | "illegal" | "not cancellable";

/** The state machine of streams: the one place that decides which action takes which status where. */
const TRANSITIONS: Readonly<Record<StreamStatus, Readonly<Record<StreamAction, Transition>>>> = {
  draft: {
    start: "active",
    pause: "illegal",
    stop: "ended",
    settle: "illegal",
    withdraw: "illegal",
    cancel: "not cancellable",
  },
  active: {
    start: "same",
    pause: "paused",
    stop: "ended",
    settle: "ended",
    withdraw: "illegal",
    cancel: "cancelled",
  },
  paused: {
    start: "active",
    pause: "same",
    stop: "ended",
    settle: "ended",
    withdraw: "illegal",
    cancel: "cancelled",
  },
  ended: {
    start: "illegal",
    pause: "illegal",
    stop: "same",
    settle: "same",
    withdraw: "withdrawn",
    cancel: "illegal",
  },
  withdrawn: {
    start: "illegal",
    pause: "illegal",
    stop: "illegal",
    settle: "illegal",
    withdraw: "same",
    cancel: "illegal",
  },
  cancelled: {
    start: "illegal",
    pause: "illegal",
    stop: "illegal",
    settle: "illegal",
    withdraw: "illegal",
    cancel: "same",
  },
};

/** `joins`: the action that is under way already. */
export type Decision = { readonly kind: "same" | "joins" | "moves" };

/**
 * What an action may do now. While a settlement is under way, only the action that began it may be
 * asked for again.
 * @throws {ProblemError} settlement_in_progress, invalid_stream_state, stream_not_cancellable
 */
export function decideAction(stream: Stream, action: StreamAction): Decision {
  if (isSettling(stream)) {
    if (stream.settlement?.action === action) return { kind: "joins" };
    throw new ProblemError(
      "settlement_in_progress",
      "What the stream owes is being paid; nothing was changed. Try again when that is over.",
      { headers: { "retry-after": "1" } },
    );
  }
  const transition = TRANSITIONS[stream.status][action];
  switch (transition) {
    case "same":
      return { kind: "same" };
    case "illegal":
      throw new ProblemError(
        "invalid_stream_state",
        `A stream that is ${stream.status} cannot ${action}; nothing was changed.`,
      );
    case "not cancellable":
      throw new ProblemError(
        "stream_not_cancellable",
        "A stream that was never started cannot be cancelled; stop it instead.",
      );
    default:
      return { kind: "moves" };
  }
}

/** What a consumer would do next; null when nothing is left to do. */
export function nextActionOf(status: StreamStatus): StreamAction | null {
  switch (status) {
    case "draft":
      return "start";
    case "active":
      return "pause";
    case "paused":
      return "stop";
    case "ended":
      return "withdraw";
    case "withdrawn":
    case "cancelled":
      return null;
  }
}
