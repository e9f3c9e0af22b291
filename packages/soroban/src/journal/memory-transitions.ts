import type { Attempt, AttemptRecord } from "../intent/attempt.ts";
import { ACTIVE_STATES } from "../intent/submission-intent.ts";
import { giveBack, held, type MemoryStore, type Row } from "./memory-store.ts";
import { resolutionOf } from "./resolution-of.ts";
import {
  hasOpenAttempt,
  type ResolutionHook,
  type SubmissionJournal,
} from "./submission-journal.ts";

/** The memory journal's steps from one active state to another. */
export function memoryTransitions(
  store: MemoryStore,
): Pick<SubmissionJournal, "prepare" | "markSent" | "markDead" | "addHash"> {
  return {
    async prepare(token, attempt, channel, abandoned) {
      const found = held(store, token, ["received", "dead"]);
      const bond = token.intentIds.join();
      if (found === undefined) return false;
      if (channel !== "bound" && !store.channels.bind(channel, bond)) return false;
      if (abandoned !== undefined) store.channels.give(abandoned);
      const { preparedAtMs } = attempt;
      for (const row of found) {
        row.state = "prepared";
        row.currentAttemptId = attempt.attemptId;
        row.attempts.push({ ...attempt, state: "prepared", preparedAtMs });
      }
      return true;
    },

    async markSent(token, sentAtMs) {
      const found = held(store, token, ["prepared"]);
      for (const row of found ?? []) {
        row.state = "sent";
        amend(row, { state: "sent", sentAtMs });
      }
      return found !== undefined;
    },

    async markDead(token, death) {
      const found = held(store, token, ["prepared", "sent"]);
      const { atMs, ledger, failure } = death;
      for (const row of found ?? []) {
        row.state = "dead";
        amend(row, { state: "dead", endedAtMs: atMs, ledger, ...(failure && { failure }) });
      }
      return found !== undefined;
    },

    async addHash(token, hash) {
      const found = held(store, token, ["prepared", "sent"]);
      for (const row of found ?? []) {
        amend(row, (attempt) => ({ hashes: [...(attempt.hashes ?? []), hash] }));
      }
      return found !== undefined;
    },
  };
}

/** The memory journal's steps back to received. */
export function memoryReturns(
  store: MemoryStore,
): Pick<SubmissionJournal, "retryFailed" | "markRestored"> {
  return {
    async retryFailed(token, end, channel) {
      const found = held(store, token, ["prepared", "sent"]);
      if (found === undefined) return false;
      const { atMs, ledger, failure } = end;
      for (const row of found) {
        amend(row, { state: "failed", endedAtMs: atMs, ledger, failure });
        row.state = "received";
        row.retryCount += 1;
        row.currentAttemptId = null;
        giveBack(row, end.dueAtMs, store.nextEpoch());
      }
      store.channels.give(channel);
      return true;
    },

    async markRestored(token, { atMs, ledger }, channel) {
      const found = held(store, token, ["prepared", "sent"]);
      if (found === undefined) return false;
      for (const row of found) {
        amend(row, { state: "confirmed", endedAtMs: atMs, ledger });
        row.state = "received";
        row.currentAttemptId = null;
        giveBack(row, atMs, store.nextEpoch());
      }
      store.channels.give(channel);
      return true;
    },
  };
}

/** The memory journal's step to a terminal state. */
export function memoryResolve(
  store: MemoryStore,
  onResolved: ResolutionHook<undefined> | undefined,
): Pick<SubmissionJournal, "resolve"> {
  return {
    async resolve(token, outcome, end, channel) {
      const found = held(store, token, ACTIVE_STATES);
      if (found === undefined) return false;
      const ends = found.map((row) => [row, resolutionOf(row.intent, outcome, end.atMs)] as const);
      // The hook first: when it throws, nothing has been changed.
      const told = onResolved?.(
        undefined,
        ends.map(([, resolution]) => resolution),
      );
      if (told instanceof Promise) await told;
      if (held(store, token, ACTIVE_STATES) === undefined) return false;
      for (const [row, resolution] of ends) {
        const { failure, ledger } = resolution;
        const last = {
          state: outcome.state,
          endedAtMs: end.atMs,
          ...(failure && { failure }),
          ...(ledger !== undefined && { ledger }),
        };
        if (hasOpenAttempt(token)) amend(row, last);
        else row.attempts.push({ attemptId: end.recordId, ...last });
        row.state = outcome.state;
        row.resolution = resolution;
        row.owner = null;
      }
      if (channel !== undefined) store.channels.give(channel);
      return true;
    },
  };
}

type Change = Partial<Attempt> | ((attempt: AttemptRecord) => Partial<Attempt>);

function amend(row: Row, change: Change): void {
  row.attempts = row.attempts.map((attempt) =>
    attempt.attemptId === row.currentAttemptId
      ? { ...attempt, ...(typeof change === "function" ? change(attempt) : change) }
      : attempt,
  );
}
