import { buildAttempt } from "../charge/build-attempt.ts";
import { quoteCharge, type ReadyQuote } from "../charge/quote-charge.ts";
import type { ChannelRelease } from "../journal/channel-journal.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import { decideRebuild } from "../proof/decide-rebuild.ts";
import { decideSequence } from "../proof/next-sequence.ts";
import { readAccount } from "../rpc/account-entry.ts";
import { giveBack, isExpired, leaseChannel, preparedItem } from "./advance-received.ts";
import { partRiders } from "./part-riders.ts";
import { type RidersEnd, resolveRiders } from "./resolve-item.ts";
import { sendAttempt } from "./send-attempt.ts";
import type { StepContext } from "./step-context.ts";
import { firstRider, openAttempt, type Step, type WorkItem } from "./work-item.ts";

/**
 * dead → prepared | refused | failed | confirmed: a rebuild on the same channel and sequence, so that
 * the ledger itself can apply only one of the attempts. Riders that cannot go any more are resolved;
 * all the others ride in the rebuild, so that nobody goes elsewhere while it is under way. With the
 * sequence used up by somebody else the dead attempt can never be applied, and another channel takes
 * over.
 */
export async function advanceDead(context: StepContext, item: WorkItem): Promise<Step> {
  const attempt = openAttempt(item.leased);
  const chain = await readAccount(context.rpc, attempt.channelPublicKey);
  const { sequence, maxLedger, channelIndex: index } = attempt;
  const rebuild = decideRebuild({ sequence, maxLedger, chain });
  if (rebuild.kind === "read_chain") {
    return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 1, context.random()) };
  }
  const isFree = rebuild.kind === "same_sequence";
  const resolvedLedger = chain.ledger;
  const left: ChannelRelease = isFree
    ? { index, resolvedLedger, nextSequence: sequence }
    : { index, resolvedLedger, quarantine: quarantineOf(context, item, rebuild.reason) };
  const ends = finalEnds(context, item);
  if (ends.length > 0) return resolveRiders(context, item, ends, left);
  const { intents } = item.leased;
  const vault = await context.vaultInterface(firstRider(item.leased).vaultContractId);
  const quote = await quoteCharge(context, intents, vault);
  if (quote.kind !== "ready") return partRiders(context, item, vault, quote, left);
  return isFree
    ? rebuildInPlace(context, item, quote, sequence)
    : rebuildElsewhere(context, item, quote, { left, sequenceOnChain: chain.sequence });
}

function quarantineOf(context: StepContext, item: WorkItem, reason: string) {
  const { channelPublicKey, channelIndex } = openAttempt(item.leased);
  context.logger.error({ channelIndex, channelPublicKey, reason }, "channel quarantined");
  return { untilMs: context.clock() + context.settings.quarantineMs, reason };
}

/** Whom it ends for here instead of another attempt. */
function finalEnds(context: StepContext, { leased }: WorkItem): RidersEnd[] {
  const { failure } = openAttempt(leased);
  if (failure !== undefined) {
    return [{ riders: leased.intents, outcome: { state: "failed", failure } }];
  }
  const riders = leased.intents.filter((rider) => isExpired(context, rider));
  const outcome = { state: "failed", failure: { reason: "expired" } } as const;
  return riders.length > 0 ? [{ riders, outcome }] : [];
}

async function rebuildInPlace(
  context: StepContext,
  item: WorkItem,
  quote: ReadyQuote,
  sequence: bigint,
): Promise<Step> {
  const { leased } = item;
  const channel = { index: openAttempt(leased).channelIndex, sequence };
  const attempt = await buildAttempt(context, leased, quote, channel, hashesSoFar(item));
  if (!(await context.journal.prepare(tokenOf(leased), attempt, "bound"))) return { kind: "lost" };
  return sendAttempt(context, preparedItem(leased, attempt));
}

async function rebuildElsewhere(
  context: StepContext,
  item: WorkItem,
  quote: ReadyQuote,
  { left, sequenceOnChain }: { left: ChannelRelease; sequenceOnChain: bigint | undefined },
): Promise<Step> {
  const { leased } = item;
  const channel = await leaseChannel(context);
  if (channel === undefined) {
    // Its own channel, resynchronised: those who wait for a channel while they keep one could all be
    // waiting for each other.
    return sequenceOnChain === undefined
      ? { kind: "no_channel" }
      : rebuildInPlace(context, item, quote, sequenceOnChain + 1n);
  }
  try {
    const { nextSequence: journal, lastResolvedLedger } = channel;
    const next =
      journal === undefined
        ? decideSequence({
            chain: await readAccount(context.rpc, channel.publicKey),
            lastResolvedLedger,
          })
        : decideSequence({ journal, lastResolvedLedger });
    if (next.kind !== "use") {
      await (next.kind === "absent"
        ? context.journal.markChannelAbsent(channel)
        : giveBack(context, channel));
      return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 2, context.random()) };
    }
    const { sequence } = next;
    const place = { index: channel.index, sequence };
    const attempt = await buildAttempt(context, leased, quote, place, hashesSoFar(item));
    if (!(await context.journal.prepare(tokenOf(leased), attempt, channel, left))) {
      await giveBack(context, channel);
      return { kind: "lost" };
    }
    return await sendAttempt(context, preparedItem(leased, attempt));
  } catch (error) {
    await giveBack(context, channel).catch(() => false);
    throw error;
  }
}

function hashesSoFar(item: WorkItem): string[] {
  const { replacedHashes, hashes } = openAttempt(item.leased);
  return [...replacedHashes, ...hashes.map(({ hash }) => hash)];
}
