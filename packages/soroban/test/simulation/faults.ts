import type { SeededRandom } from "./clockwork/seeded-random.ts";

/**
 * Everything that can go wrong, with how often at most it does: for each call, each ledger, each
 * transaction or each engine, as the one who asks counts.
 */
const HIGHEST_RATES = {
  /** The request or its answer is lost: the caller cannot tell which. */
  "lost-answers": 0.08,
  /** The answer comes after the caller has given up, and so may the request. */
  "time-outs": 0.06,
  /** 5xx, before the call was carried out or after; and answers that are cut off. */
  "server-errors": 0.06,
  "try-again-later": 0.1,
  /** Accepted, and never in a ledger. */
  "dropped-transactions": 0.15,
  /** A node that is some ledgers behind, for one call or for a while. */
  "stale-reads": 0.1,
  /** NOT_FOUND with a latestLedger at which the transaction is there. */
  "not-found-race": 0.3,
  "slow-ledgers": 0.15,
  "reordered-ledgers": 0.3,
  /** A vault's instance is archived when a ledger begins. */
  "archived-entries": 0.03,
  /** A node answers nothing for a while. */
  "rpc-outages": 0.03,
  /** Others fill the ledgers for a while. */
  "fee-surges": 0.05,
  /** The journal answers with an error: before the commit, or after it. */
  "journal-errors": 0.03,
  /** An engine is thrown away between two instructions. */
  crashes: 0.004,
  /** An engine stands still for longer than its leases last, and then goes on. */
  zombies: 0.002,
  /** The engines' clocks differ. */
  "clock-skew": 1,
  /** Somebody else who has a channel's key uses its next sequence. */
  strangers: 0.15,
  /** The network forgets within minutes: some answers come too late to find anything. */
  "short-retention": 1,
} as const;

export type FaultName = keyof typeof HIGHEST_RATES;

export const FAULT_NAMES = Object.keys(HIGHEST_RATES) as FaultName[];

/** How often each fault strikes; those left out never do. */
export type FaultRates = Partial<Record<FaultName, number>>;

/**
 * What befalls one run: of the faults that are allowed, the seed picks some and how often each
 * strikes, so that runs with few faults and runs with all of them both happen.
 */
export class FaultPlan {
  readonly rates: ReadonlyMap<FaultName, number>;
  readonly #random: SeededRandom;
  #isOver = false;

  /** `fixed`: the rates, where the seed is not to decide. */
  constructor(random: SeededRandom, allowed: readonly FaultName[], fixed?: FaultRates) {
    this.#random = random;
    if (fixed !== undefined) {
      this.rates = new Map(Object.entries(fixed) as [FaultName, number][]);
      return;
    }
    const share = random.pick([0.3, 0.7, 1]);
    const rates = new Map<FaultName, number>();
    for (const name of FAULT_NAMES) {
      const rate = random.next() ** 2 * HIGHEST_RATES[name];
      const isPicked = random.chance(share);
      if (isPicked && allowed.includes(name)) rates.set(name, rate);
    }
    this.rates = rates;
  }

  /** Whether the fault strikes this time. */
  strikes(name: FaultName): boolean {
    const rate = this.#isOver ? undefined : this.rates.get(name);
    return rate !== undefined && this.#random.chance(rate);
  }

  /** Whether the fault is part of this run. */
  has(name: FaultName): boolean {
    return this.rates.has(name);
  }

  /** Nothing goes wrong any more. */
  end(): void {
    this.#isOver = true;
  }

  get isOver(): boolean {
    return this.#isOver;
  }
}
