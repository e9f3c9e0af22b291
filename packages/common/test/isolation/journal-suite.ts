import { applyResolutions } from "@orrery/common/repositories/settlement/settle-settlements.kysely";
import { createKyselyJournal } from "@orrery/common/repositories/submission-journal/submission-journal.kysely";
import type { LeaseToken, SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { type Cases, suiteOf } from "./isolation-case.ts";
import { AT, IDS, VICTIM } from "./seed.ts";

const ENGINE = "the engine submits the charges of all tenants";
const REQUESTS = "requests store intents, in their own transactions";

const AT_MS = AT.getTime();
const received: LeaseToken = {
  tenantId: VICTIM,
  intentIds: [IDS.keyed],
  state: "received",
  attemptId: null,
  epoch: 0n,
};
const sent: LeaseToken = { ...received, state: "sent", attemptId: IDS.charged };
const channel = { index: 0, publicKey: "G0", epoch: 1n, lastResolvedLedger: 0 };
const end = { atMs: AT_MS, ledger: 1, recordId: IDS.reserved };
const failure = { reason: "expired" } as const;
const hash = { hash: "ab", envelopeXdr: "AA", feeStroops: 1n, storedAtMs: 0 };
const leasing = { owner: "w", nowMs: AT_MS, leaseUntilMs: AT_MS, newLimit: 1, resumeLimit: 1 };
const attempt = {
  attemptId: IDS.reserved,
  purpose: "charge",
  channelIndex: 0,
  channelPublicKey: "G0",
  sequence: 1n,
  hashes: [hash],
  replacedHashes: [],
  ledgerAtBuild: 1,
  maxLedger: 2,
  maxTimeS: 3,
  preparedAtMs: 4,
} as const;

const across = (call: Cases<SubmissionJournal>["counts"]["call"]) => ({
  acrossTenants: ENGINE,
  call,
});

export const JOURNAL_SUITE = suiteOf<SubmissionJournal>({
  name: "createKyselyJournal",
  service: "billing",
  role: "orrery_submitter",
  open: ({ kysely }) => createKyselyJournal({ database: kysely, onResolved: applyResolutions }),
  cases: {
    insertIntents: {
      acrossTenants: ENGINE,
      doneBy: REQUESTS,
      call: async (journal) => {
        const found = await journal.findIntent(VICTIM, IDS.keyed);
        if (found !== undefined) await journal.insertIntents([found.intent]);
      },
    },
    rearm: across((journal) => journal.rearm(VICTIM, IDS.refused, AT_MS)),
    findIntent: across((journal) => journal.findIntent(VICTIM, IDS.charged)),
    leaseDue: across((journal) => journal.leaseDue(leasing)),
    renew: across((journal) => journal.renew([received], AT_MS)),
    release: across((journal) => journal.release(received, AT_MS)),
    reread: across((journal) => journal.reread(received)),
    prepare: across((journal) => journal.prepare(received, attempt, channel)),
    markSent: across((journal) => journal.markSent({ ...sent, state: "prepared" }, AT_MS)),
    markDead: across((journal) => journal.markDead(sent, end)),
    retryFailed: across((journal) =>
      journal.retryFailed(sent, { ...end, failure, dueAtMs: AT_MS }, channel),
    ),
    addHash: across((journal) => journal.addHash(sent, hash)),
    markRestored: across((journal) => journal.markRestored(sent, end, channel)),
    resolve: across((journal) => journal.resolve(received, { state: "refused", failure }, end)),
    counts: across((journal) => journal.counts()),
    ensureChannels: across((journal) => journal.ensureChannels([{ index: 0, publicKey: "G0" }])),
    listChannels: across((journal) => journal.listChannels()),
    markChannelsReady: across((journal) => journal.markChannelsReady([0])),
    leaseChannel: across((journal) =>
      journal.leaseChannel({ count: 1, nowMs: AT_MS, leaseUntilMs: AT_MS }),
    ),
    releaseChannel: across((journal) => journal.releaseChannel(channel, channel)),
    quarantineChannel: across((journal) =>
      journal.quarantineChannel(0, { untilMs: AT_MS, reason: "seen" }),
    ),
    markChannelAbsent: across((journal) => journal.markChannelAbsent(channel)),
  },
});
