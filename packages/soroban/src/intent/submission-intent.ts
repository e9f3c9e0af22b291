/** What a charge is for. The kind is part of the marker, so ids of two kinds never collide. */
export type IntentKind = "deduct" | "stream" | "settlement";

/**
 * One charge, frozen when it was accepted: later changes to vaults or APIs do not touch it.
 * `amountStroops`: 1 … 2^63−1.
 */
export interface SubmissionIntent {
  readonly intentId: string;
  readonly tenantId: string;
  readonly kind: IntentKind;
  /** What the caller calls it: the requestId of a deduction, `streamId/n`, or the settlement's id. */
  readonly subjectId: string;
  readonly vaultContractId: string;
  readonly payee: string;
  readonly amountStroops: bigint;
  /** The contract's request id: 32 hex characters, see `deriveMarker`. */
  readonly marker: string;
  readonly createdAtMs: number;
}

/**
 * Where an intent stands. `refused`, `confirmed`, `failed` and `unknown` are terminal for the
 * engine; `refused` and `failed` charged nobody and can be re-armed.
 */
export type IntentState =
  | "received"
  | "refused"
  | "prepared"
  | "sent"
  | "confirmed"
  | "failed"
  | "dead"
  | "unknown";

/** The states in which the engine still has something to do. */
export const ACTIVE_STATES = ["received", "prepared", "sent", "dead"] as const;

export type ActiveState = (typeof ACTIVE_STATES)[number];

export type TerminalState = Exclude<IntentState, ActiveState>;

/** Whether the engine still has something to do for an intent in this state. */
export function isActive(state: IntentState): state is ActiveState {
  return (ACTIVE_STATES as readonly IntentState[]).includes(state);
}
