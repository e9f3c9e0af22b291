import { type ActiveState, isActive } from "../intent/submission-intent.ts";
import { rearmDueAtMs } from "../pacing/back-off.ts";
import { memoryLeases } from "./memory-leases.ts";
import { createMemoryStore, type MemoryStore, type Row, storeKey } from "./memory-store.ts";
import { memoryResolve, memoryReturns, memoryTransitions } from "./memory-transitions.ts";
import type { ResolutionHook, SubmissionJournal } from "./submission-journal.ts";

export interface MemoryJournalOptions {
  /** Runs inside each terminal transition; when it throws the transition is undone. */
  readonly onResolved?: ResolutionHook<undefined>;
}

/**
 * A journal for one process that forgets with it: for tests, simulations and demonstrations. Each
 * method is atomic because none awaits between its first read and its last write.
 */
export function createMemoryJournal(options: MemoryJournalOptions = {}): SubmissionJournal {
  const store = createMemoryStore();
  return {
    ...store.channels.journal,
    ...memoryRequests(store),
    ...memoryLeases(store),
    ...memoryTransitions(store),
    ...memoryReturns(store),
    ...memoryResolve(store, options.onResolved),
    ...memoryCounts(store),
  };
}

function memoryRequests(
  store: MemoryStore,
): Pick<SubmissionJournal, "insertIntents" | "rearm" | "findIntent"> {
  return {
    async insertIntents(intents) {
      for (const intent of intents) {
        const id = storeKey(intent.tenantId, intent.intentId);
        if (store.rows.has(id)) continue;
        const marker = storeKey(intent.tenantId, intent.marker);
        if (store.markers.has(marker))
          throw new Error(`a second intent for marker ${intent.marker}`);
        store.markers.add(marker);
        const row: Row = {
          intent,
          vaultKey: storeKey(intent.tenantId, intent.vaultContractId),
          state: "received",
          epoch: 0n,
          owner: null,
          dueAtMs: intent.createdAtMs,
          armedAtMs: intent.createdAtMs,
          retryCount: 0,
          currentAttemptId: null,
          attempts: [],
        };
        store.rows.set(id, row);
        store.active.add(row);
      }
    },

    async rearm(tenantId, intentId, nowMs) {
      const row = store.rows.get(storeKey(tenantId, intentId));
      if (row?.resolution === undefined) return false;
      if (row.state !== "refused" && row.state !== "failed") return false;
      row.dueAtMs = rearmDueAtMs(nowMs, row.resolution.resolvedAtMs, row.attempts.length);
      row.state = "received";
      store.active.add(row);
      row.armedAtMs = nowMs;
      row.retryCount = 0;
      row.currentAttemptId = null;
      row.epoch = store.nextEpoch();
      delete row.resolution;
      return true;
    },

    async findIntent(tenantId, intentId) {
      const row = store.rows.get(storeKey(tenantId, intentId));
      if (row === undefined) return undefined;
      const { intent, state, attempts, resolution } = row;
      return { intent, state, attempts: [...attempts], ...(resolution && { resolution }) };
    },
  };
}

function memoryCounts(store: MemoryStore): Pick<SubmissionJournal, "counts"> {
  return {
    async counts() {
      const pending: Record<ActiveState, number> = { received: 0, prepared: 0, sent: 0, dead: 0 };
      let unknown = 0;
      let oldestPendingAtMs: number | undefined;
      for (const { state, armedAtMs } of store.rows.values()) {
        if (state === "unknown") unknown += 1;
        if (!isActive(state)) continue;
        pending[state] += 1;
        oldestPendingAtMs = Math.min(oldestPendingAtMs ?? armedAtMs, armedAtMs);
      }
      return {
        pending,
        unknown,
        channels: store.channels.counts(),
        ...(oldestPendingAtMs !== undefined && { oldestPendingAtMs }),
      };
    },
  };
}
