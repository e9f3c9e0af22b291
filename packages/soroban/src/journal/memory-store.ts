import type { Attempt, AttemptRecord } from "../intent/attempt.ts";
import type { Resolution } from "../intent/resolution.ts";
import {
  type ActiveState,
  type IntentState,
  isActive,
  type SubmissionIntent,
} from "../intent/submission-intent.ts";
import { present } from "../present.ts";
import { createMemoryChannels, type MemoryChannels } from "./memory-channels.ts";
import type { LeasedSubmission, LeaseToken } from "./submission-journal.ts";

/**
 * One intent with everything that is known of it. What it holds is replaced, never changed in place,
 * so that it can be handed out as it is.
 */
export interface Row {
  intent: SubmissionIntent;
  /** The vault, told apart from other tenants' vaults. */
  readonly vaultKey: string;
  state: IntentState;
  epoch: bigint;
  owner: string | null;
  /** The later of: when it is due, and when its lease ends. */
  dueAtMs: number;
  armedAtMs: number;
  retryCount: number;
  currentAttemptId: string | null;
  attempts: AttemptRecord[];
  resolution?: Resolution;
}

/** What the parts of the memory journal share. */
export interface MemoryStore {
  readonly rows: Map<string, Row>;
  /** Those in which something is left to do, and some in which nothing is any more. */
  readonly active: Set<Row>;
  readonly markers: Set<string>;
  readonly channels: MemoryChannels;
  nextEpoch(): bigint;
}

export function createMemoryStore(): MemoryStore {
  let epochs = 0n;
  return {
    rows: new Map(),
    active: new Set(),
    markers: new Set(),
    channels: createMemoryChannels(),
    nextEpoch() {
      epochs += 1n;
      return epochs;
    },
  };
}

/** A key that no two (tenant, name) share. */
export function storeKey(tenantId: string, name: string): string {
  return `${tenantId}\n${name}`;
}

/** The rows of a token when its compare-and-set holds, else undefined. */
export function held(
  store: MemoryStore,
  token: LeaseToken,
  states: readonly ActiveState[],
): Row[] | undefined {
  if (!states.includes(token.state)) return undefined;
  const found = token.intentIds.map((intentId) =>
    store.rows.get(storeKey(token.tenantId, intentId)),
  );
  const holds = found.every(
    (row) =>
      row?.state === token.state &&
      row.currentAttemptId === token.attemptId &&
      row.epoch === token.epoch,
  );
  return holds ? (found as Row[]) : undefined;
}

/** Rows that are under the token's lease, whatever active state they have come to. */
export function ownedRows(store: MemoryStore, token: LeaseToken): Row[] {
  return token.intentIds
    .map((intentId) => store.rows.get(storeKey(token.tenantId, intentId)))
    .filter((row): row is Row => row?.epoch === token.epoch && isActive(row.state));
}

/** The submission that rows under one lease make up, in order of arrival. */
export function leasedOf(rows: readonly Row[]): LeasedSubmission {
  const inOrder = rows.toSorted(byArrival);
  const first = present(inOrder[0], "a submission of no intents");
  const { state, currentAttemptId: attemptId, epoch } = first;
  if (!isActive(state)) throw new Error(`a lease on ${state}`);
  const attempt = first.attempts.findLast((candidate) => candidate.attemptId === attemptId);
  return {
    tenantId: first.intent.tenantId,
    intentIds: inOrder.map(({ intent }) => intent.intentId),
    intents: inOrder.map(({ intent, retryCount, armedAtMs }) => ({
      ...intent,
      retryCount,
      armedAtMs,
    })),
    state,
    attemptId,
    epoch,
    ...(attempt && { attempt: attempt as Attempt }),
  };
}

/** Oldest first; ids break ties, and those that grow with time keep the order of arrival. */
export function byArrival(a: Row, b: Row): number {
  return a.armedAtMs - b.armedAtMs || compare(a.intent.intentId, b.intent.intentId);
}

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The epoch moves on, so that the token which was given back is worth nothing any more. */
export function giveBack(row: Row, dueAtMs: number, epoch: bigint): void {
  row.dueAtMs = dueAtMs;
  row.epoch = epoch;
  row.owner = null;
}
