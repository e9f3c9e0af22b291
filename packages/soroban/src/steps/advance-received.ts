import { batchSize } from "../batching/batch-size.ts";
import { buildAttempt } from "../charge/build-attempt.ts";
import { chargeTerms } from "../charge/charge-terms.ts";
import { type Quote, quoteCharge, type ReadyQuote } from "../charge/quote-charge.ts";
import type { ChannelLease } from "../journal/channel-journal.ts";
import {
  type LeasedSubmission,
  type Rider,
  tokenFor,
  tokenOf,
} from "../journal/submission-journal.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import { decideSequence } from "../proof/next-sequence.ts";
import { readAccount } from "../rpc/account-entry.ts";
import { encodeCharge, type VaultInterface } from "../vault/vault-call.ts";
import { partRiders } from "./part-riders.ts";
import { resolveRiders } from "./resolve-item.ts";
import { sendAttempt } from "./send-attempt.ts";
import type { StepContext } from "./step-context.ts";
import {
  firstRider,
  NOTHING_SEEN,
  retriesOf,
  type Step,
  type WorkItem,
  withRiders,
} from "./work-item.ts";

/** received → refused | prepared → sent: everything from the lease of a channel to the first send. */
export async function advanceReceived(context: StepContext, item: WorkItem): Promise<Step> {
  const expired = item.leased.intents.filter((rider) => isExpired(context, rider));
  if (expired.length > 0) {
    const outcome = { state: "failed", failure: { reason: "expired" } } as const;
    return resolveRiders(context, item, [{ riders: expired, outcome }]);
  }
  const vault = await context.vaultInterface(firstRider(item.leased).vaultContractId);
  const unsound = item.leased.intents.filter((rider) => !isSound(context, rider, vault));
  if (unsound.length > 0) {
    const failure = {
      reason: "configuration",
      detail: "not a charge that can be encoded",
    } as const;
    return resolveRiders(context, item, [
      { riders: unsound, outcome: { state: "refused", failure } },
    ]);
  }
  const fitting = await handBackSurplus(context, item, vault);
  return fitting === undefined ? { kind: "lost" } : embark(context, fitting, vault);
}

/** Whether it has waited longer than the engine may keep trying. */
export function isExpired(context: StepContext, { armedAtMs }: Rider): boolean {
  return context.clock() - armedAtMs >= context.settings.expiresMs;
}

/** One bad address must not keep the others from being encoded. */
function isSound(context: StepContext, rider: Rider, vault: VaultInterface): boolean {
  try {
    encodeCharge([chargeTerms(context, rider)], vault, []);
    return true;
  } catch {
    return false;
  }
}

/** Gives those back that do not fit into the batch, the last to arrive first. */
async function handBackSurplus(
  context: StepContext,
  item: WorkItem,
  vault: VaultInterface,
): Promise<WorkItem | undefined> {
  const { leased } = item;
  const size = batchSize(retriesOf(leased), vault.isBatching);
  if (leased.intents.length <= size) return item;
  const surplus = tokenFor(tokenOf(leased), leased.intentIds.slice(size));
  const isBack = await context.journal.release(surplus, context.clock());
  return isBack ? withRiders(item, leased.intents.slice(0, size)) : undefined;
}

async function embark(context: StepContext, item: WorkItem, vault: VaultInterface): Promise<Step> {
  const quote = () => quoteCharge(context, item.leased.intents, vault);
  // At once where a channel is there to be had; a quote without one would be for nothing.
  const early = context.areChannelsShort() ? undefined : quote();
  // It is awaited below, unless there is no channel to build for.
  early?.catch(() => {});
  const channel = await leaseChannel(context);
  if (channel === undefined) return { kind: "no_channel" };
  return embarkOn(context, item, vault, channel, early ?? quote());
}

/** From the quote for a channel that is held to the first send; without a send it is given back. */
async function embarkOn(
  context: StepContext,
  item: WorkItem,
  vault: VaultInterface,
  channel: ChannelLease,
  quoting: Promise<Quote>,
): Promise<Step> {
  try {
    const [quote, chain] = await Promise.all([
      quoting,
      channel.nextSequence === undefined ? readAccount(context.rpc, channel.publicKey) : undefined,
    ]);
    const known = {
      ...(channel.nextSequence !== undefined && { journal: channel.nextSequence }),
      ...(chain && { chain }),
    };
    const { lastResolvedLedger } = channel;
    const sequence = decideSequence({ ...known, lastResolvedLedger });
    if (quote.kind !== "ready") {
      await giveBack(context, channel);
      return await endUnsent(context, item, quote, vault);
    }
    if (sequence.kind === "absent") {
      await context.journal.markChannelAbsent(channel);
      return { kind: "channel_absent" };
    }
    if (sequence.kind === "read_chain") {
      await giveBack(context, channel);
      return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 1, context.random()) };
    }
    return await prepareAndSend(context, item, quote, channel, sequence.sequence);
  } catch (error) {
    // Best effort: a channel that stays leased is free again when its lease runs out.
    await giveBack(context, channel).catch(() => false);
    throw error;
  }
}

/** A contract that knows no batches refuses them as a function that is missing. */
async function endUnsent(
  context: StepContext,
  item: WorkItem,
  quote: Exclude<Quote, ReadyQuote>,
  vault: VaultInterface,
): Promise<Step> {
  const isMissing = quote.kind === "refused" && quote.failure.reason === "contract_missing";
  if (item.leased.intents.length > 1 && isMissing) {
    context.forgetBatching(firstRider(item.leased).vaultContractId);
    return { kind: "again", item, delayMs: 0 };
  }
  return partRiders(context, item, vault, quote);
}

async function prepareAndSend(
  context: StepContext,
  item: WorkItem,
  quote: ReadyQuote,
  channel: ChannelLease,
  sequence: bigint,
): Promise<Step> {
  const { leased } = item;
  const attempt = await buildAttempt(context, leased, quote, { ...channel, sequence }, []);
  if (!(await context.journal.prepare(tokenOf(leased), attempt, channel))) {
    await giveBack(context, channel);
    return { kind: "lost" };
  }
  return sendAttempt(context, preparedItem(leased, attempt));
}

/** The item as the journal holds it after `prepare`. */
export function preparedItem(
  leased: LeasedSubmission,
  attempt: Parameters<StepContext["journal"]["prepare"]>[1],
): WorkItem {
  return {
    leased: {
      ...leased,
      state: "prepared",
      attemptId: attempt.attemptId,
      attempt: { ...attempt, state: "prepared" },
    },
    seen: NOTHING_SEEN,
    rpcFailures: 0,
  };
}

/** A free channel, for as long as building takes. */
export function leaseChannel(context: StepContext): Promise<ChannelLease | undefined> {
  const nowMs = context.clock();
  const leaseUntilMs = nowMs + context.settings.channelLeaseMs;
  return context.journal.leaseChannel({ count: context.channels.count(), nowMs, leaseUntilMs });
}

/** Gives an unused channel back as it was. */
export function giveBack(context: StepContext, channel: ChannelLease): Promise<boolean> {
  const { index, nextSequence } = channel;
  const release = nextSequence === undefined ? { index } : { index, nextSequence };
  return context.journal.releaseChannel(channel, release);
}
