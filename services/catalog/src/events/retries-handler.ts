import type { EventHandler } from "@orrery/common/events/bus/event-consumer";
import type { RejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository";

/**
 * Releases the rejected events that waited for what this event made. `onReleased` hears of it after
 * it is committed; what it does about it may be lost.
 */
export function retriesHandler(
  rejected: Pick<RejectedEventRepository, "release">,
  onReleased: () => void,
): EventHandler {
  return async (event) => {
    if (event.type !== "token.created" && event.type !== "pool.created") {
      throw new Error(`the group does not consume ${event.type}`);
    }
    if (!(await rejected.release("rejected-retries", event))) return "duplicate";
    onReleased();
    return "applied";
  };
}
