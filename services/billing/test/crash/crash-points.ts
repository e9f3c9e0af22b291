import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";

/** What stands between the engine and its journal and network in a process that is to be killed. */
export interface CrashSeams {
  readonly journal?: (journal: SubmissionJournal, die: () => void) => SubmissionJournal;
  readonly rpc?: (rpc: SorobanRpc, die: () => void) => SorobanRpc;
  /** What the network must do until the point is reached, as `sim_setFaults` takes it. */
  readonly faults?: Readonly<Record<string, number>>;
}

/**
 * Where a billing process is killed, by name. A seam calls `die` at its point; the process ends there
 * and then, by SIGKILL. Add a line for each new step that a charge takes.
 */
export const CRASH_POINTS: Readonly<Record<string, CrashSeams>> = {
  "before the prepared bytes are committed": {
    journal: (journal, die) => ({
      ...journal,
      prepare: (...step) => {
        die();
        return journal.prepare(...step);
      },
    }),
  },
  "while the prepared bytes are being committed": {
    journal: (journal, die) => ({
      ...journal,
      prepare: (...step) => {
        const committing = journal.prepare(...step);
        // Somewhere in the transaction: its statements are on their way to Postgres and back.
        setTimeout(die, 3);
        return committing;
      },
    }),
  },
  "after the prepared bytes were committed": {
    journal: (journal, die) => ({
      ...journal,
      prepare: async (...step) => {
        const isDone = await journal.prepare(...step);
        if (isDone) die();
        return isDone;
      },
    }),
  },
  "after sending, before that is recorded": {
    journal: (journal, die) => ({
      ...journal,
      markSent: (...step) => {
        die();
        return journal.markSent(...step);
      },
    }),
  },
  "during a poll": {
    rpc: (rpc, die) => {
      let hasSent = false;
      return {
        ...rpc,
        sendTransaction: (envelopeXdr) => {
          hasSent = true;
          return rpc.sendTransaction(envelopeXdr);
        },
        getTransaction: async (hash) => {
          const answer = await rpc.getTransaction(hash);
          if (hasSent && answer.status === "SUCCESS") die();
          return answer;
        },
      };
    },
  },
  "during a batch split": {
    journal: (journal, die) => {
      const batches = new Set<bigint>();
      return {
        ...journal,
        leaseDue: async (request) => {
          const leased = await journal.leaseDue(request);
          for (const { epoch, intentIds } of leased) if (intentIds.length > 1) batches.add(epoch);
          return leased;
        },
        // One item has been refused and has left; its neighbours are not on their way yet.
        resolve: async (token, outcome, ...end) => {
          const isDone = await journal.resolve(token, outcome, ...end);
          if (isDone && outcome.state === "refused" && batches.has(token.epoch)) die();
          return isDone;
        },
      };
    },
  },
  "during a fee bump": {
    faults: { dropTransactions: 1_000 },
    journal: (journal, die) => ({
      ...journal,
      addHash: async (...step) => {
        const isDone = await journal.addHash(...step);
        if (isDone) die();
        return isDone;
      },
    }),
  },
  "before the outcome is committed": {
    journal: (journal, die) => ({
      ...journal,
      resolve: (...step) => {
        die();
        return journal.resolve(...step);
      },
    }),
  },
  "after the outcome was committed": {
    journal: (journal, die) => ({
      ...journal,
      resolve: async (...step) => {
        const isDone = await journal.resolve(...step);
        if (isDone) die();
        return isDone;
      },
    }),
  },
};
