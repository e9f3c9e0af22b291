import { advanceDead } from "./advance-dead.ts";
import { advancePrepared, advanceSent } from "./advance-in-flight.ts";
import { advanceReceived } from "./advance-received.ts";
import type { StepContext } from "./step-context.ts";
import type { Step, WorkItem } from "./work-item.ts";

/**
 * Takes one step with one leased submission: as far as the next wait. Steps keep no state of their
 * own, so that the engine may be thrown away at any await and another go on from the journal.
 * @throws {RpcError} no answer: take the step again later
 * @throws whatever the journal throws: its last transition may have been committed or not; reread
 */
export function advance(context: StepContext, item: WorkItem): Promise<Step> {
  switch (item.leased.state) {
    case "received":
      return advanceReceived(context, item);
    case "prepared":
      return advancePrepared(context, item);
    case "sent":
      return advanceSent(context, item);
    case "dead":
      return advanceDead(context, item);
  }
}
