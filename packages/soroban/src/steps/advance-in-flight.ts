import { combineMarkers } from "../batching/combine-markers.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { decideResend } from "../pacing/decide-resend.ts";
import { pacedCall } from "../pacing/paced-call.ts";
import {
  type DeathEvidence,
  type DeathVerdict,
  type MarkerReading,
  proveDeath,
} from "../proof/dead-proof.ts";
import { readAccount } from "../rpc/account-entry.ts";
import { adoptItem } from "./adopt-item.ts";
import { bumpFee } from "./bump-fee.ts";
import { endFound } from "./end-found.ts";
import { pollAttempt, withPoll } from "./poll-attempt.ts";
import { resolveItem } from "./resolve-item.ts";
import { later, sendAttempt } from "./send-attempt.ts";
import type { StepContext } from "./step-context.ts";
import {
  firstRider,
  type Observations,
  openAttempt,
  type Step,
  type WorkItem,
} from "./work-item.ts";

/** prepared → sent: the bytes are stored, so they may go out, for the first time or once more. */
export function advancePrepared(context: StepContext, item: WorkItem): Promise<Step> {
  return sendAttempt(context, item);
}

/** sent → confirmed | failed | received | dead | unknown: one poll and what follows from it. */
export async function advanceSent(context: StepContext, item: WorkItem): Promise<Step> {
  const attempt = openAttempt(item.leased);
  const hashes = [...attempt.replacedHashes, ...attempt.hashes.map(({ hash }) => hash)];
  const poll = await pacedCall(context, hashes, () => pollAttempt(context, attempt, item.seen));
  if (poll === undefined) return later(context, item, 1);
  if (poll.kind === "found") return endFound(context, item, poll);
  let seen = withPoll(item.seen, poll);
  let calls = attempt.hashes.length;
  if (wantsChannelReading(seen, attempt.sequence)) {
    const { sequence, ledger } = await readAccount(context.rpc, attempt.channelPublicKey);
    if (sequence !== undefined) seen = { ...seen, channel: { sequence, ledger } };
    calls += 1;
  }
  let verdict = proveDeath(evidenceOf(context, item, seen));
  if (verdict.kind === "need_marker" && poll.latestLedger >= attempt.maxLedger) {
    seen = { ...seen, marker: await readMarkers(context, item) };
    calls += 1;
    verdict = proveDeath(evidenceOf(context, item, seen));
  }
  const { latestLedger } = poll;
  return conclude(context, { ...item, seen }, verdict, { latestLedger, calls });
}

/** The markers of all riders, as one reading. */
async function readMarkers(context: StepContext, { leased }: WorkItem): Promise<MarkerReading> {
  const readings = leased.intents.map((rider) =>
    context.vaults.readMarker(rider.vaultContractId, rider.marker),
  );
  return combineMarkers(await Promise.all(readings));
}

/** The node says that the sequence is used: by whom, the account may tell. Old readings are redone. */
function wantsChannelReading({ lastSend, channel }: Observations, sequence: bigint): boolean {
  if (lastSend?.verdict.kind !== "sequence_used") return false;
  return channel === undefined || channel.sequence < sequence;
}

interface PollSummary {
  readonly latestLedger: number;
  /** Calls that this step has made for the transaction. */
  readonly calls: number;
}

function evidenceOf(context: StepContext, item: WorkItem, seen: Observations): DeathEvidence {
  const { maxLedger, ledgerAtBuild, sequence } = openAttempt(item.leased);
  return {
    maxLedger,
    ledgerAtBuild,
    sequence,
    absences: seen.absences,
    minPersistentTtlLedgers: context.settings.minPersistentTtlLedgers,
    ...(seen.channel && { channel: seen.channel }),
    ...(seen.marker && { marker: seen.marker }),
  };
}

async function conclude(
  context: StepContext,
  item: WorkItem,
  verdict: DeathVerdict,
  poll: PollSummary,
): Promise<Step> {
  const { latestLedger } = poll;
  const attempt = openAttempt(item.leased);
  // Its sequence may have been used or not: whoever takes the channel next reads the chain.
  const channel = { index: attempt.channelIndex, resolvedLedger: latestLedger };
  switch (verdict.kind) {
    case "dead":
      return markDead(context, item, verdict.ledger);
    case "charged": {
      const { ledger } = verdict;
      // Of several some may be remembered: with no attempt open each is decided for itself.
      return item.leased.intents.length > 1
        ? markDead(context, item, ledger)
        : adoptItem(context, item, { rider: firstRider(item.leased), ledger }, channel);
    }
    case "undecidable":
      return resolveItem(
        context,
        item,
        { state: "unknown", failure: { reason: "undecided" }, ledger: latestLedger },
        channel,
      );
    case "need_absence":
    case "need_marker":
      return keepTrying(context, item, poll);
  }
}

async function keepTrying(
  context: StepContext,
  item: WorkItem,
  { latestLedger, calls }: PollSummary,
): Promise<Step> {
  const { maxLedger } = openAttempt(item.leased);
  const bumped = await bumpFee(context, item, { latestLedger, calls });
  if (bumped !== undefined) return bumped;
  return decideResend({ ...item.seen, latestLedger, maxLedger })
    ? sendAttempt(context, item, calls)
    : later(context, item, calls);
}

async function markDead(context: StepContext, item: WorkItem, ledger: number): Promise<Step> {
  const { leased, seen } = item;
  const attempt = openAttempt(leased);
  const sent = seen.lastSend?.verdict;
  const failure =
    sent?.kind === "permanent"
      ? ({ reason: "configuration", detail: sent.code } as const)
      : undefined;
  const atMs = context.clock();
  const death = { atMs, ledger, ...(failure && { failure }) };
  if (!(await context.journal.markDead(tokenOf(leased), death))) return { kind: "lost" };
  const ended = { ...attempt, ...death, state: "dead", endedAtMs: atMs } as const;
  return {
    kind: "again",
    item: { ...item, leased: { ...leased, state: "dead", attempt: ended } },
    delayMs: 0,
  };
}
