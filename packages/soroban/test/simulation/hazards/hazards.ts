import { xdr } from "@stellar/stellar-sdk/base";
import type { LeaseToken, SubmissionJournal } from "../../../src/journal/submission-journal.ts";
import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";
import type { Invariant } from "../checks/invariants.ts";
import type { Deceit } from "../workload/guards.ts";
import { deceive, withMethods } from "./hasty-death.ts";
import type { Variant } from "./variant.ts";

/** A way in which other systems lose or double money, and what it breaks. */
export interface Hazard extends Variant {
  readonly breaks: readonly Invariant[];
}

const DOUBLE: readonly Invariant[] = ["at most one charge"];
const WRONG: readonly Invariant[] = [
  "at most one charge",
  "a refused or failed row has no charge",
  "every confirmed row has its charge",
];

/** Every hazard of SUBMISSION.md's "What goes wrong elsewhere", as a change to a sound engine. */
export const HAZARDS: readonly Hazard[] = [
  {
    name: "the chain is called inside the transaction, and a crash rolls the row back",
    guards: "sequence",
    rates: { crashes: 0.02, zombies: 0.005, "journal-errors": 0.02 },
    breaks: WRONG,
    begin: () => (parts) => ({ ...parts, journal: committingAtTheEnd(parts.journal) }),
  },
  {
    name: "a committed row is never resumed",
    rates: { crashes: 0.02 },
    breaks: ["nothing stays unresolved"],
    begin: () => (parts) => {
      const { journal } = parts;
      const leaseDue: SubmissionJournal["leaseDue"] = (request) =>
        journal.leaseDue({ ...request, resumeLimit: 0 });
      return { ...parts, journal: withMethods(journal, { leaseDue }) };
    },
  },
  {
    name: "a time-out is taken for a failure and rebuilt on a new sequence",
    guards: "sequence",
    rates: { "lost-answers": 0.2, "time-outs": 0.2, "slow-ledgers": 0.2 },
    breaks: DOUBLE,
    begin: (random) => deceive(fresh("unanswered"), random),
  },
  {
    name: "txBAD_SEQ on a resend is taken for a failure",
    guards: "sequence",
    // Sent once more because no answer came, and not found although it is applied.
    rates: { "lost-answers": 0.4, "not-found-race": 0.9, "stale-reads": 0.3 },
    breaks: WRONG,
    begin: () => (parts) => ({
      ...parts,
      rpc: failingOnBadSequence(parts.rpc),
      settings: { ...parts.settings, maxBatch: 1 },
    }),
  },
  {
    name: "expiry is judged by the client's clock",
    guards: "sequence",
    rates: { "slow-ledgers": 0.5, "fee-surges": 0.3, "clock-skew": 1 },
    breaks: DOUBLE,
    begin: (random) => deceive(fresh("old-by-clock"), random),
  },
  {
    name: "locks live in one process",
    guards: "sequence",
    rates: { zombies: 0.01, "clock-skew": 1, "slow-ledgers": 0.3 },
    breaks: WRONG,
    begin: () => (parts) => ({ ...parts, journal: withoutLeases(parts.journal) }),
  },
  {
    name: "a channel stays with the engine that crashed",
    rates: { crashes: 0.02 },
    breaks: ["no channel leaks", "nothing stays unresolved"],
    begin: () => (parts) => {
      const { journal } = parts;
      const leaseChannel: SubmissionJournal["leaseChannel"] = (request) =>
        journal.leaseChannel({ ...request, leaseUntilMs: Number.MAX_SAFE_INTEGER });
      return { ...parts, journal: withMethods(journal, { leaseChannel }) };
    },
  },
];

function fresh(hastyAbout: Deceit["hastyAbout"]): Deceit {
  return { hastyAbout, rebuildsOn: "fresh-sequence" };
}

/** Keeps what was prepared and sent to itself until the outcome is known, and commits it then. */
function committingAtTheEnd(journal: SubmissionJournal): SubmissionJournal {
  const open = new Map<bigint, () => Promise<boolean>>();
  const prepare: SubmissionJournal["prepare"] = async (token, ...rest) => {
    open.set(token.epoch, () => journal.prepare(token, ...rest));
    return true;
  };
  const commit = async (token: LeaseToken) => {
    await open.get(token.epoch)?.();
    if (open.delete(token.epoch)) await journal.markSent({ ...token, state: "prepared" }, 0);
  };
  return withMethods(journal, {
    prepare,
    markSent: async () => true,
    markDead: async (token, ...rest) => {
      await commit(token);
      return journal.markDead(token, ...rest);
    },
    retryFailed: async (token, ...rest) => {
      await commit(token);
      return journal.retryFailed(token, ...rest);
    },
    resolve: async (token, ...rest) => {
      await commit(token);
      return journal.resolve(token, ...rest);
    },
  });
}

/** Takes "this sequence is used" for "this transaction failed", which it tells of its own success. */
function failingOnBadSequence(rpc: SorobanRpc): SorobanRpc {
  const failed = new Map<string, string>();
  return {
    ...rpc,
    async sendTransaction(envelopeXdr) {
      const answer = await rpc.sendTransaction(envelopeXdr);
      const { hash } = answer as { hash?: string };
      const { errorResultXdr } = answer;
      if (hash === undefined || errorResultXdr === undefined) return answer;
      const { result } = xdr.TransactionResult.fromXdr(errorResultXdr, "base64");
      if (result.type === "txBadSeq") failed.set(hash, errorResultXdr);
      return answer;
    },
    async getTransaction(hash) {
      const answer = await rpc.getTransaction(hash);
      const resultXdr = failed.get(hash);
      if (resultXdr === undefined) return answer;
      const { latestLedger, oldestLedger } = answer;
      return { status: "FAILED", latestLedger, oldestLedger, ledger: latestLedger, resultXdr };
    },
  };
}

const ANY_LEASE_MS = 3_600_000;
const LOOK_MS = 10_000;

/** Sees no lease but its own process's, and overwrites what another process has written. */
function withoutLeases(journal: SubmissionJournal): SubmissionJournal {
  let lookedAtMs = 0;
  return withMethods(journal, {
    leaseDue: (request) => {
      const isTime = request.nowMs - lookedAtMs >= LOOK_MS;
      if (!isTime) return journal.leaseDue(request);
      lookedAtMs = request.nowMs;
      return journal.leaseDue({ ...request, nowMs: request.nowMs + ANY_LEASE_MS });
    },
    prepare: async (...args) => {
      await journal.prepare(...args);
      return true;
    },
    markSent: async (...args) => {
      await journal.markSent(...args);
      return true;
    },
  });
}
