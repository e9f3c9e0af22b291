import type { Resolution } from "../intent/resolution.ts";
import type { ChannelRelease } from "../journal/channel-journal.ts";
import { resolutionOf } from "../journal/resolution-of.ts";
import { type Outcome, type Rider, tokenOf } from "../journal/submission-journal.ts";
import type { StepContext } from "./step-context.ts";
import { type Step, type WorkItem, withRiders } from "./work-item.ts";

/** Ends a submission in the journal; the channel goes back to the pool in the same transaction. */
export async function resolveItem(
  context: StepContext,
  { leased }: WorkItem,
  outcome: Outcome,
  channel?: ChannelRelease,
): Promise<Step> {
  const end = { atMs: context.clock(), recordId: context.newId() };
  if (!(await context.journal.resolve(tokenOf(leased), outcome, end, channel))) {
    return { kind: "lost" };
  }
  if (outcome.state === "unknown") {
    const { intentIds, tenantId } = leased;
    context.logger.error({ intentIds, tenantId, failure: outcome.failure }, "outcome unknown");
  }
  const resolutions = leased.intents.map((intent) => resolutionOf(intent, outcome, end.atMs));
  return { kind: "resolved", resolutions };
}

/** Some riders that end alike. */
export interface RidersEnd {
  readonly riders: readonly Rider[];
  readonly outcome: Outcome;
}

/**
 * Ends some riders of a submission that has no attempt open, each group in a transaction of its own.
 * The others stay under the lease and go on at once. `channel`: what becomes of the channel that the
 * submission is bound to, when nobody is left.
 */
export async function resolveRiders(
  context: StepContext,
  item: WorkItem,
  ends: readonly RidersEnd[],
  channel?: ChannelRelease,
): Promise<Step> {
  const resolutions: Resolution[] = [];
  let left = item.leased.intents;
  for (const { riders, outcome } of ends) {
    const gone = new Set(riders);
    left = left.filter((rider) => !gone.has(rider));
    const release = left.length === 0 ? channel : undefined;
    const step = await resolveItem(context, withRiders(item, riders), outcome, release);
    if (step.kind !== "resolved") return step;
    resolutions.push(...step.resolutions);
  }
  if (left.length === 0) return { kind: "resolved", resolutions };
  return { kind: "again", item: withRiders(item, left), delayMs: 0, resolutions };
}
