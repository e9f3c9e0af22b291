import { Type } from "typebox";

/** How the event bus gives events to consumers. */
export const EVENT_VARIABLES = {
  EVENT_STREAM_MAX_LENGTH: Type.Integer({
    description: "How many events of a topic the event bus holds; older ones are trimmed.",
    default: 100_000,
    minimum: 1_000,
    maximum: 10_000_000,
  }),
  EVENT_RETRY_AFTER_MS: Type.Integer({
    description: "When an event that a consumer did not finish is given out again.",
    default: 30_000,
    minimum: 100,
    maximum: 3_600_000,
  }),
  EVENT_MAX_DELIVERIES: Type.Integer({
    description: "An event that failed so often becomes a dead letter.",
    default: 5,
    minimum: 1,
    maximum: 100,
  }),
};
