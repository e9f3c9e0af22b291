import type { SendVerdict } from "../outcome/classify-send-answer.ts";

/** A queued transaction that is not applied within so many ledgers was dropped. */
const DROPPED_AFTER_LEDGERS = 4;
const MAX_GAP_LEDGERS = 4;

/**
 * Whether to send the same bytes again. Never when they cannot be applied any more, when the node
 * says that they never will be, or when the sequence has moved on; else with growing gaps, counted
 * in ledgers since the last send. Without a verdict (a new worker) they are sent at once.
 */
export function decideResend(known: {
  readonly lastSend?: { readonly verdict: SendVerdict; readonly ledger: number };
  readonly sends: number;
  readonly latestLedger: number;
  readonly maxLedger: number;
}): boolean {
  const { lastSend, latestLedger } = known;
  // maxLedger is exclusive, and the next ledger is the first that could take it.
  if (latestLedger + 1 >= known.maxLedger) return false;
  if (lastSend === undefined) return true;
  const sinceLedgers = latestLedger - lastSend.ledger;
  switch (lastSend.verdict.kind) {
    case "permanent":
    case "sequence_used":
      return false;
    case "queued":
      return sinceLedgers >= DROPPED_AFTER_LEDGERS;
    case "retry":
    case "fee_too_low":
      return sinceLedgers >= Math.min(MAX_GAP_LEDGERS, 2 ** Math.max(0, known.sends - 1));
  }
}
