/** So many sends and polls of one transaction may be made while the newest ledger stays the same. */
export const CALLS_PER_LEDGER = 2;

/**
 * Counts the sends and polls of each transaction within the newest ledger heard of: a ledger that
 * takes long must not be polled all the while. A call that is under way when a ledger closes counts
 * in both. What is counted goes by a hash, or by a marker where no hash is known yet.
 */
export interface CallBudget {
  /**
   * Makes a call about all of these, as one each; undefined, and nothing made, where one of them has
   * none left before another ledger is heard of.
   */
  attempt<Answer>(
    about: readonly string[],
    call: () => Promise<Answer>,
  ): Promise<Answer> | undefined;
}

/** `latestLedger`: the newest heard of. Only what was asked about in it is remembered. */
export function createCallBudget(latestLedger: () => number): CallBudget {
  const underWay = new Map<string, number>();
  let made = new Map<string, number>();
  let countedLedger = 0;

  const beginLedger = () => {
    if (latestLedger() <= countedLedger) return;
    countedLedger = latestLedger();
    made = new Map(underWay);
  };

  const take = (name: string) => {
    made.set(name, (made.get(name) ?? 0) + 1);
    underWay.set(name, (underWay.get(name) ?? 0) + 1);
  };

  const end = (name: string) => {
    beginLedger();
    const left = (underWay.get(name) ?? 0) - 1;
    if (left > 0) underWay.set(name, left);
    else underWay.delete(name);
  };

  return {
    attempt(about, call) {
      beginLedger();
      if (about.some((name) => (made.get(name) ?? 0) >= CALLS_PER_LEDGER)) return undefined;
      for (const name of about) take(name);
      return call().finally(() => {
        for (const name of about) end(name);
      });
    },
  };
}
