/** What is known of the network's rhythm, from the answers to calls that were made anyway. */
export interface LedgerPace {
  /** The newest ledger heard of; 0 before the first. */
  readonly latestLedger: number;
  readonly heardAtMs: number;
  /** The estimated time between two ledgers. */
  readonly ledgerMs: number;
}

/** The estimate stays within these: a stopped or a racing network must not stop or race the polls. */
const MIN_LEDGER_MS = 20;
const MAX_LEDGER_MS = 15_000;
/** How much one observation moves the estimate. */
const WEIGHT = 0.3;

/** Takes an answer's latest ledger into account; older ones (a lagging node) change nothing. */
export function observeLedger(pace: LedgerPace, latestLedger: number, nowMs: number): LedgerPace {
  if (latestLedger <= pace.latestLedger) return pace;
  if (pace.latestLedger === 0) return { ...pace, latestLedger, heardAtMs: nowMs };
  const observedMs = (nowMs - pace.heardAtMs) / (latestLedger - pace.latestLedger);
  const ledgerMs = pace.ledgerMs + WEIGHT * (observedMs - pace.ledgerMs);
  return {
    latestLedger,
    heardAtMs: nowMs,
    ledgerMs: Math.min(MAX_LEDGER_MS, Math.max(MIN_LEDGER_MS, ledgerMs)),
  };
}

/**
 * The wait before the next poll of a transaction, such that polls and resends together make at most
 * two calls in a ledger: half a ledger after a poll alone, a whole one when it was sent again too.
 * Up to a tenth is added by `random` (0 … 1), so that many transactions spread out.
 */
export function pollDelayMs(pace: LedgerPace, callsMade: number, random: number): number {
  return Math.ceil((pace.ledgerMs / 2) * Math.max(1, callsMade) * (1 + random / 10));
}
