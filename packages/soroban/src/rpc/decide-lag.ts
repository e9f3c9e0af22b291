/** A ledger that a server named, and when. */
export interface HeardLedger {
  readonly ledger: number;
  readonly atMs: number;
}

export const NEVER_HEARD: HeardLedger = { ledger: 0, atMs: Number.NEGATIVE_INFINITY };

/**
 * Whether an answer at `ledger` is too old to be believed: more than `maxLagLedgers` behind the
 * newest that any server has named lately. What nobody has confirmed for `forgetMs` counts no more,
 * so that one server's nonsense does not silence the others for ever.
 */
export function isLagging(
  ledger: number,
  heard: readonly HeardLedger[],
  nowMs: number,
  limits: { readonly maxLagLedgers: number; readonly forgetMs: number },
): boolean {
  const recent = heard.filter(({ atMs }) => nowMs - atMs < limits.forgetMs);
  const newest = Math.max(0, ...recent.map((one) => one.ledger));
  return ledger < newest - limits.maxLagLedgers;
}
