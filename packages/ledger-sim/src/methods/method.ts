import type { Faults, StruckCall } from "../faults/faults.ts";
import type { Params } from "../json-rpc.ts";
import type { Ledger, LedgerView } from "../ledger/ledger.ts";

/** Closes ledgers, by the clock or at once. */
export interface LedgerDriver {
  closeNow(count: number): void;
}

/** What a method has at hand. */
export interface MethodContext {
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly driver: LedgerDriver;
  /** What befalls this very call. */
  readonly struck: StruckCall;
  /** Where the friendbot is reached. */
  readonly friendbotUrl: string;
  /** The account that may charge vaults made by `sim_fund`. */
  readonly vaultCaller: string | undefined;
}

export type Method = (params: Params, context: MethodContext) => unknown;

/** Ledgers that an answer of a lagging node is behind. */
const STALE_LAG_LEDGERS = 3;

/** What the node answers a read from: the last ledger, or an older one when told to lag. */
export function readView({ ledger, faults }: MethodContext): LedgerView {
  return ledger.view(faults.take("staleReads") ? STALE_LAG_LEDGERS : 0);
}
