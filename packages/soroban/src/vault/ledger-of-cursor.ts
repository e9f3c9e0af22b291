/**
 * The ledger that a cursor of getEvents stands in: it begins with it, shifted by 32 bits (TOID). Of
 * a cursor of another form nothing is known: no ledger is behind it.
 * @see SEP-35
 */
export function ledgerOfCursor(cursor: string): number {
  const position = /^(\d+)-/.exec(cursor)?.[1];
  return position === undefined ? Number.POSITIVE_INFINITY : Number(BigInt(position) >> 32n);
}
