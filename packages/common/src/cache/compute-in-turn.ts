import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../contracts/clock.ts";
import type { ValueStore } from "./value-store.ts";

interface Turn<Value> {
  readonly values: ValueStore;
  readonly key: string;
  /** Steady milliseconds. */
  readonly clock: Clock;
  /** What another instance has computed by now. */
  readonly findShared: () => Promise<Value | undefined>;
  readonly compute: () => Promise<Value>;
}

/** An instance that dies with the turn keeps the others waiting no longer. */
const LEASE_MS = 2_000;
/** Then a reader would rather have a second computation than wait for the first. */
const MAX_WAIT_MS = 1_000;
const FIRST_PAUSE_MS = 2;
const MAX_PAUSE_MS = 25;

/**
 * One computation of a key at a time in the deployment: who has not the turn waits for the value,
 * for a second at most. Without the store everybody computes for himself.
 */
export async function computeInTurn<Value>(turn: Turn<Value>): Promise<Value> {
  const { values, key, clock, findShared, compute } = turn;
  const token = randomUUID();
  const giveUpAtMs = clock() + MAX_WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    const shared = await findShared();
    if (shared !== undefined) return shared;
    const isOurs = await values.takeTurn(key, token, LEASE_MS);
    if (isOurs !== false) break;
    if (clock() >= giveUpAtMs) return compute();
    await sleep(pauseMs);
  }
  try {
    // Who had the turn before may have stored the value between the look and the turn.
    return (await findShared()) ?? (await compute());
  } finally {
    // Also of a store that did not answer: it may have given the turn after all.
    void values.endTurn(key, token);
  }
}
