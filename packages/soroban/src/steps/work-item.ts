import type { Attempt, AttemptHash } from "../intent/attempt.ts";
import type { Resolution } from "../intent/resolution.ts";
import type { LeasedSubmission, Rider } from "../journal/submission-journal.ts";
import type { SendVerdict } from "../outcome/classify-send-answer.ts";
import { present } from "../present.ts";
import type { AbsenceReading, MarkerReading } from "../proof/dead-proof.ts";

/**
 * What a worker has seen of the current attempt. It is lost with the worker, and that costs polls
 * only: every observation can be made again.
 */
export interface Observations {
  readonly polls: number;
  readonly sends: number;
  readonly lastSend?: { readonly verdict: SendVerdict; readonly ledger: number };
  readonly absences: readonly AbsenceReading[];
  readonly channel?: { readonly sequence: bigint; readonly ledger: number };
  /** Of all riders together. */
  readonly marker?: MarkerReading;
}

export const NOTHING_SEEN: Observations = { polls: 0, sends: 0, absences: [] };

/** One leased submission and what is known of it: what a step takes and gives back. */
export interface WorkItem {
  readonly leased: LeasedSubmission;
  readonly seen: Observations;
  /** Calls in a row that gave no answer. */
  readonly rpcFailures: number;
}

/** What a step came to. */
export type Step =
  /** Take the next step in `delayMs`. `resolutions`: of riders that have left the submission. */
  | {
      readonly kind: "again";
      readonly item: WorkItem;
      readonly delayMs: number;
      readonly resolutions?: readonly Resolution[];
    }
  /** The submission is resolved. */
  | { readonly kind: "resolved"; readonly resolutions: readonly Resolution[] }
  /** Back in the journal, due at `dueAtMs`, for any worker. */
  | { readonly kind: "handed_back"; readonly dueAtMs: number }
  /** No channel is free: give the submission back and wait for one. */
  | { readonly kind: "no_channel" }
  /** The channel account is missing on chain: make it again. */
  | { readonly kind: "channel_absent" }
  /** The lease is another's by now. */
  | { readonly kind: "lost" };

/** The attempt that a state past `received` is about. */
export function openAttempt(leased: LeasedSubmission): Attempt {
  return present(leased.attempt, "no attempt of a submission past received");
}

/** The bytes that an attempt began with: the inner transaction of all its bumps. */
export function firstBytes({ hashes }: Attempt): AttemptHash {
  return present(hashes[0], NO_BYTES);
}

/** The bytes that are to be sent. */
export function newestBytes({ hashes }: Attempt): AttemptHash {
  return present(hashes.at(-1), NO_BYTES);
}

const NO_BYTES = "an attempt without bytes";

/** The rider that arrived first: what it shares with the others can be read off it. */
export function firstRider({ intents }: LeasedSubmission): Rider {
  return present(intents[0], "a submission without intents");
}

/** The most retries that one of the riders has behind it. */
export function retriesOf({ intents }: LeasedSubmission): number {
  return Math.max(...intents.map(({ retryCount }) => retryCount));
}

/** The item with only these riders left in it. */
export function withRiders(item: WorkItem, riders: readonly Rider[]): WorkItem {
  const { leased } = item;
  const intentIds = riders.map(({ intentId }) => intentId);
  return { ...item, leased: { ...leased, intents: riders, intentIds } };
}

/** The item with only one rider in it: what is decided about it is decided about it alone. */
export function alone(item: WorkItem, rider: Rider): WorkItem {
  return withRiders(item, [rider]);
}
