import type { BillingAddress } from "../world/billing-call.ts";

/** Burns that arrive at an even rate until they are told to stop. */
export interface SteadyBurnsPlan extends BillingAddress {
  readonly perSecond: number;
  readonly idPrefix: string;
  /** Of `token-0` … , by `burner-0` … , in turn. */
  readonly tokens: number;
  readonly burners: number;
}

export interface SteadyBurnsReport {
  readonly answered: number;
  readonly failures: number;
  readonly elapsedMs: number;
}
