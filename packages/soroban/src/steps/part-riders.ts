import { partInOrder } from "../batching/part-in-order.ts";
import { askToRide, type Quote, type ReadyQuote, rideAnswer } from "../charge/quote-charge.ts";
import type { SubmissionFailure } from "../intent/failure.ts";
import type { ChannelRelease } from "../journal/channel-journal.ts";
import type { Rider } from "../journal/submission-journal.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import type { VaultInterface } from "../vault/vault-call.ts";
import { adoptRiders, type Remembered } from "./adopt-item.ts";
import { type RidersEnd, resolveRiders } from "./resolve-item.ts";
import type { StepContext } from "./step-context.ts";
import type { Step, WorkItem } from "./work-item.ts";

/**
 * The charge would fail, as the quote for all riders together says: ends those that cannot go, each
 * with its own reason, and lets the others go on. The submission has no attempt open. `channel`:
 * what becomes of the channel that it is bound to, when nobody is left.
 */
export async function partRiders(
  context: StepContext,
  item: WorkItem,
  vault: VaultInterface,
  quote: Exclude<Quote, ReadyQuote>,
  channel?: ChannelRelease,
): Promise<Step> {
  const { left } = await partInOrder(
    item.leased.intents,
    (riders) => askToRide(context, riders, vault),
    rideAnswer(quote),
  );
  const refused: Refused[] = [];
  const remembered: Remembered[] = [];
  for (const { rider, verdict } of left) {
    if (verdict.kind === "refused") refused.push({ rider, failure: verdict.failure });
    else remembered.push({ rider, ledger: verdict.ledger });
  }
  if (refused.length > 0) return resolveRiders(context, item, refusals(refused), channel);
  if (remembered.length === 0) {
    // All may go after all: the network has changed its mind meanwhile, and is asked again.
    return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 1, context.random()) };
  }
  return adoptRiders(context, item, remembered, channel);
}

interface Refused {
  readonly rider: Rider;
  readonly failure: SubmissionFailure;
}

/** Those who are refused alike end together. */
function refusals(refused: readonly Refused[]): RidersEnd[] {
  const alike = new Map<string, { failure: SubmissionFailure; riders: Rider[] }>();
  for (const { rider, failure } of refused) {
    const key = JSON.stringify(failure);
    const group = alike.get(key) ?? { failure, riders: [] };
    group.riders.push(rider);
    alike.set(key, group);
  }
  return [...alike.values()].map(({ failure, riders }) => ({
    riders,
    outcome: { state: "refused", failure },
  }));
}
