/** One wish to take an amount from what is available under a key. */
export interface Wish {
  readonly key: string;
  readonly amountStroops: bigint;
}

/**
 * Grants wishes in order, each that fits what those before it have left: one that does not fit is
 * refused alone, and a smaller one after it may still fit. Nothing is available under an unknown key.
 */
export function reserveInOrder(
  wishes: readonly Wish[],
  available: ReadonlyMap<string, bigint>,
): readonly boolean[] {
  const left = new Map(available);
  return wishes.map(({ key, amountStroops }) => {
    const rest = (left.get(key) ?? 0n) - amountStroops;
    if (rest < 0n) return false;
    left.set(key, rest);
    return true;
  });
}
