import { type LeftBehind, partInOrder } from "../batching/part-in-order.ts";
import { askToRide, type Quote, type ReadyQuote, rideAnswer } from "../charge/quote-charge.ts";
import type { ChannelRelease } from "../journal/channel-journal.ts";
import type { Rider } from "../journal/submission-journal.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import type { VaultInterface } from "../vault/vault-call.ts";
import { adoptRiders } from "./adopt-item.ts";
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
  const refused = left.filter(({ verdict }) => verdict.kind === "refused");
  if (refused.length > 0) return resolveRiders(context, item, refusals(refused), channel);
  const remembered = left.flatMap(({ rider, verdict }) =>
    verdict.kind === "duplicate" ? [{ rider, ledger: verdict.ledger }] : [],
  );
  if (remembered.length === 0) {
    // All may go after all: the network has changed its mind meanwhile, and is asked again.
    return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 1, context.random()) };
  }
  return adoptRiders(context, item, remembered, channel);
}

/** Those who are refused alike end together. */
function refusals(left: readonly LeftBehind<Rider>[]): RidersEnd[] {
  const alike = Map.groupBy(left, ({ verdict }) => JSON.stringify(verdict));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first?.verdict.kind !== "refused") return [];
    const outcome = { state: "refused", failure: first.verdict.failure } as const;
    return [{ riders: group.map(({ rider }) => rider), outcome }];
  });
}
