import type { SubmissionFailure } from "../intent/failure.ts";
import type { ChannelRelease } from "../journal/channel-journal.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { decideFailure } from "../outcome/decide-failure.ts";
import { backOffMs } from "../pacing/back-off.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import { adoptItem } from "./adopt-item.ts";
import type { PollResult } from "./poll-attempt.ts";
import { resolveItem } from "./resolve-item.ts";
import type { StepContext } from "./step-context.ts";
import { firstRider, openAttempt, retriesOf, type Step, type WorkItem } from "./work-item.ts";

type Found = Extract<PollResult, { kind: "found" }>;
type Verdict = Found["verdict"];

/** The ledger has the transaction: its sequence is used up, whether it charged or failed. */
export async function endFound(context: StepContext, item: WorkItem, found: Found): Promise<Step> {
  const { channelIndex: index, sequence, purpose } = openAttempt(item.leased);
  const { verdict } = found;
  const { ledger } = verdict;
  const channel = { index, nextSequence: sequence + 1n, resolvedLedger: ledger };
  if (verdict.kind === "failed") return endFailed(context, item, { ...found, verdict }, channel);
  if (purpose === "restore") return endRestored(context, item, ledger, channel);
  const { returnValue } = verdict;
  const confirmation = {
    evidence: "transaction" as const,
    txHash: found.hash,
    ledger,
    ...(returnValue !== undefined && { returnValue }),
  };
  return resolveItem(context, item, { state: "confirmed", confirmation }, channel);
}

/** The entries are there again: the charge itself may follow. Nobody was charged so far. */
async function endRestored(
  context: StepContext,
  item: WorkItem,
  ledger: number,
  channel: ChannelRelease,
): Promise<Step> {
  const atMs = context.clock();
  const isBack = await context.journal.markRestored(
    tokenOf(item.leased),
    { atMs, ledger },
    channel,
  );
  return isBack ? { kind: "handed_back", dueAtMs: atMs } : { kind: "lost" };
}

async function endFailed(
  context: StepContext,
  item: WorkItem,
  found: Found & { readonly verdict: Extract<Verdict, { kind: "failed" }> },
  channel: ChannelRelease,
): Promise<Step> {
  const { verdict, hash: txHash } = found;
  const { ledger } = verdict;
  const { intents } = item.leased;
  const fail = (failure: SubmissionFailure) =>
    resolveItem(context, item, { state: "failed", failure, txHash, ledger }, channel);
  const rider = firstRider(item.leased);
  const retryCount = retriesOf(item.leased);
  const { purpose } = openAttempt(item.leased);
  const decision = decideFailure({ ...verdict, purpose, retryCount, riders: intents.length });
  switch (decision.kind) {
    case "give_up":
      return fail(decision.failure);
    case "adopt":
      return adoptItem(context, item, { rider, ledger }, channel);
    case "retry":
    case "split": {
      const atMs = context.clock();
      const { retryBackOff } = context.settings;
      const waitMs = backOffMs(retryBackOff, retryCount + 1, context.random());
      const dueAtMs = decision.kind === "split" ? atMs : atMs + waitMs;
      const end = { atMs, ledger, failure: decision.failure, dueAtMs };
      const isBack = await context.journal.retryFailed(tokenOf(item.leased), end, channel);
      return isBack ? { kind: "handed_back", dueAtMs } : { kind: "lost" };
    }
    case "read_marker": {
      const marker = await context.vaults.readMarker(rider.vaultContractId, rider.marker);
      if (marker.kind === "present") {
        return adoptItem(context, item, { rider, ledger: marker.ledger }, channel);
      }
      if (marker.ledger >= ledger) return fail(decision.failure);
      return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 2, context.random()) };
    }
  }
}
