import { randomUUID } from "node:crypto";
import type { PreparedAttempt } from "../../intent/attempt.ts";
import { deriveMarker } from "../../intent/marker.ts";
import type { Resolution } from "../../intent/resolution.ts";
import type { SubmissionIntent } from "../../intent/submission-intent.ts";
import type { ChannelLease } from "../channel-journal.ts";
import type { LeasedSubmission, LeaseRequest, SubmissionJournal } from "../submission-journal.ts";
import { tokenOf } from "../submission-journal.ts";

/** A journal under test, empty, with what its hook was told and a switch that makes the hook fail. */
export interface JournalUnderTest {
  readonly journal: SubmissionJournal;
  readonly resolutions: readonly Resolution[];
  failHook(error: Error | undefined): void;
}

/** How an adapter's test gives the contract suite a fresh, empty journal. */
export type MakeJournal = () => Promise<JournalUnderTest>;

/** When the stories of the contract suite begin. */
export const T0 = 1_800_000_000_000;

export function newIntent(overrides: Partial<SubmissionIntent> = {}): SubmissionIntent {
  const tenantId = overrides.tenantId ?? "acme";
  const subjectId = overrides.subjectId ?? `req-${randomUUID()}`;
  return {
    intentId: randomUUID(),
    tenantId,
    kind: "deduct",
    subjectId,
    // A vault of its own: what waits for one vault rides together.
    vaultContractId: `C${randomUUID()}`,
    payee: "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
    amountStroops: 15_000_000n,
    marker: deriveMarker("contract tests", "deduct", tenantId, subjectId),
    createdAtMs: T0,
    ...overrides,
  };
}

export function leaseRequest(overrides: Partial<LeaseRequest> = {}): LeaseRequest {
  const nowMs = overrides.nowMs ?? T0;
  return {
    owner: "worker-1",
    nowMs,
    leaseUntilMs: nowMs + 30_000,
    newLimit: 10,
    resumeLimit: 10,
    ...overrides,
  };
}

export function newAttempt(overrides: Partial<PreparedAttempt> = {}): PreparedAttempt {
  return {
    attemptId: randomUUID(),
    purpose: "charge",
    channelIndex: 0,
    channelPublicKey: "GCHANNEL0",
    sequence: 41n,
    hashes: [{ hash: "ab".repeat(32), envelopeXdr: "AAAA", feeStroops: 300n, storedAtMs: T0 }],
    replacedHashes: ["cd".repeat(32)],
    ledgerAtBuild: 100,
    maxLedger: 108,
    maxTimeS: 1_800_000_100,
    preparedAtMs: T0,
    ...overrides,
  };
}

/** Makes `count` channels, ready for use. */
export async function readyChannels(journal: SubmissionJournal, count = 1): Promise<void> {
  const channels = Array.from({ length: count }, (_, index) => ({
    index,
    publicKey: `GCHANNEL${index}`,
  }));
  await journal.ensureChannels(channels);
  await journal.markChannelsReady(channels.map(({ index }) => index));
}

export async function leaseOne(
  journal: SubmissionJournal,
  overrides: Partial<LeaseRequest> = {},
): Promise<LeasedSubmission> {
  const [leased] = await journal.leaseDue(leaseRequest(overrides));
  if (leased === undefined) throw new Error("nothing was due");
  return leased;
}

export async function leaseChannel(
  journal: SubmissionJournal,
  nowMs: number = T0,
): Promise<ChannelLease> {
  const lease = await journal.leaseChannel({ count: 99, nowMs, leaseUntilMs: nowMs + 10_000 });
  if (lease === undefined) throw new Error("no channel was free");
  return lease;
}

/** An intent on its way: received, leased, channel bound, prepared. */
export async function prepareOne(journal: SubmissionJournal, intent = newIntent()) {
  await journal.insertIntents([intent]);
  const received = await leaseOne(journal);
  const channel = await leaseChannel(journal);
  const attempt = newAttempt({ channelIndex: channel.index, channelPublicKey: channel.publicKey });
  if (!(await journal.prepare(tokenOf(received), attempt, channel)))
    throw new Error("not prepared");
  const prepared = await journal.reread(tokenOf(received));
  if (prepared === undefined) throw new Error("lease lost");
  return { intent, received, channel, attempt, prepared };
}
