import { ACTIVE_STATES, isActive } from "../intent/submission-intent.ts";
import { present } from "../present.ts";
import {
  byArrival,
  compare,
  giveBack,
  held,
  leasedOf,
  type MemoryStore,
  ownedRows,
  type Row,
} from "./memory-store.ts";
import type { LeaseRequest, SubmissionJournal } from "./submission-journal.ts";

/** The memory journal's leases. */
export function memoryLeases(
  store: MemoryStore,
): Pick<SubmissionJournal, "leaseDue" | "renew" | "release" | "reread"> {
  return {
    async leaseDue(request) {
      const active = activeRows(store);
      const picked = [
        ...inTurn(leftSubmissions(active, request), request).slice(0, request.resumeLimit),
        ...inTurn(newSubmissions(active, request), request).slice(0, request.newLimit),
      ];
      return picked.map((rows) => {
        const epoch = store.nextEpoch();
        for (const row of rows) {
          row.epoch = epoch;
          row.owner = request.owner;
          row.dueAtMs = request.leaseUntilMs;
        }
        return leasedOf(rows);
      });
    },

    async renew(tokens, leaseUntilMs) {
      const renewed = new Set<bigint>();
      for (const token of tokens) {
        for (const row of ownedRows(store, token)) {
          row.dueAtMs = leaseUntilMs;
          renewed.add(token.epoch);
        }
      }
      return renewed;
    },

    async release(token, dueAtMs) {
      const found = held(store, token, ACTIVE_STATES);
      for (const row of found ?? []) giveBack(row, dueAtMs, store.nextEpoch());
      return found !== undefined;
    },

    async reread(token) {
      const rows = ownedRows(store, token);
      return rows.length === 0 ? undefined : leasedOf(rows);
    },
  };
}

function activeRows({ active }: MemoryStore): Row[] {
  for (const row of active) if (!isActive(row.state)) active.delete(row);
  return [...active];
}

/** What another worker left: the intents of one attempt stay together. */
function leftSubmissions(active: readonly Row[], { nowMs }: LeaseRequest): Row[][] {
  const due = active.filter((row) => row.dueAtMs <= nowMs && row.state !== "received");
  return groups(due, (row) => row.currentAttemptId);
}

/** The due intents of each vault that has nothing under way. */
function newSubmissions(active: readonly Row[], request: LeaseRequest): Row[][] {
  const { nowMs, batchLimit = 1 } = request;
  const due = active.filter((row) => row.dueAtMs <= nowMs && row.state === "received");
  if (due.length === 0) return [];
  const isUnderWay = (row: Row) =>
    row.state !== "received" || (row.owner !== null && row.dueAtMs > nowMs);
  const busy = new Set(active.filter(isUnderWay).map(({ vaultKey }) => vaultKey));
  const free = due.filter(({ vaultKey }) => !busy.has(vaultKey)).sort(byArrival);
  return groups(free, ({ vaultKey }) => vaultKey).map((rows) => rows.slice(0, batchLimit));
}

function groups(rows: readonly Row[], keyOf: (row: Row) => string | null): Row[][] {
  return [...Map.groupBy(rows, keyOf).values()];
}

/** One submission of each tenant in turn, the round beginning after the tenant served last. */
function inTurn(submissions: readonly Row[][], { afterTenantId = "" }: LeaseRequest): Row[][] {
  const turns = new Map<string, number>();
  return submissions
    .map((rows) => {
      const first = present(rows[0], "a submission of no intents");
      return { rows, first, tenantId: first.intent.tenantId };
    })
    .sort((a, b) => byArrival(a.first, b.first))
    .map((entry) => {
      const turn = turns.get(entry.tenantId) ?? 0;
      turns.set(entry.tenantId, turn + 1);
      return { ...entry, turn, isPassed: entry.tenantId <= afterTenantId ? 1 : 0 };
    })
    .sort((a, b) => a.turn - b.turn || a.isPassed - b.isPassed || compare(a.tenantId, b.tenantId))
    .map(({ rows }) => rows);
}
