import type { NewUsageEvent, UsageEvent } from "../usage-event/usage-event.ts";
import type { Settlement, SettlementState } from "./settlement.ts";

/** One request for a deduction from an API that settles aggregated. */
export type Reservation =
  | {
      readonly outcome: "reserved";
      readonly event: UsageEvent;
      readonly vaultContractId: string;
      /** How long ago the vault's balance was read. */
      readonly balanceAgeMs: number;
    }
  /** The requestId was there already; nothing was changed. */
  | { readonly outcome: "duplicate"; readonly event: UsageEvent }
  | { readonly outcome: "vault_not_found" }
  | { readonly outcome: "api_not_found" }
  /** The API settles each deduction by itself: accept it so. Nothing was stored. */
  | { readonly outcome: "per_request" }
  /** What was last read of the vault does not cover it. Nothing was stored. */
  | { readonly outcome: "insufficient_balance"; readonly vaultContractId: string }
  /** The vault was not read yet, or too long ago. Nothing was stored. */
  | { readonly outcome: "balance_unknown"; readonly vaultContractId: string };

/** A reading of a vault: its balance as of a ledger. */
export interface BalanceReading {
  readonly balanceStroops: bigint;
  readonly ledger: number;
}

export interface SettlementFilter {
  readonly apiId?: string;
  readonly state?: SettlementState;
}

/** Where a page begins: after this settlement, in the order of the list. */
export interface SettlementPosition {
  readonly at: Date;
  readonly id: string;
}

export interface SettlementPage {
  readonly settlements: readonly Settlement[];
  readonly hasNext: boolean;
  /** Of the whole list. */
  readonly total: number;
}

/** A reading that is older says nothing any more. */
export const MAX_BALANCE_AGE_MS = 3_600_000;

/**
 * Aggregated settlement. Per (tenant, vault contract), over all instances: what is reserved or pending
 * never exceeds the balance last read. Each reserved event belongs to exactly one settlement, whose
 * sum is that of its events and becomes one intent of kind `settlement`.
 */
export interface SettlementRepository {
  /**
   * Reserves the amount and stores the event as `reserved` in the open settlement of its API, payee
   * and vault, or does nothing. Of any number of duplicates one is stored. In order of arrival.
   */
  reserve(tenantId: string, event: NewUsageEvent): Promise<Reservation>;

  /**
   * Stores what the chain said of a vault. A reading of an earlier ledger is passed over, and so is
   * one that charges under way may explain: they are held against the vault until they are resolved.
   */
  storeBalance(tenantId: string, vaultContractId: string, reading: BalanceReading): Promise<void>;

  /**
   * Closes up to `limit` open settlements of any tenant whose time has come: freezes count and sum
   * and stores the intent, together. Resolves to how many; wake the engine then.
   */
  closeDue(limit: number): Promise<number>;

  /**
   * Takes up to `limit` failed settlements of any tenant up again whose time has come: the same charge,
   * tried again, or the charges of its two halves when it was too large for its vault. Resolves to how
   * many; wake the engine then.
   */
  retryDue(limit: number): Promise<number>;

  find(tenantId: string, id: string): Promise<Settlement | undefined>;

  /** Newest first, by (openedAt, id). */
  list(
    tenantId: string,
    filter: SettlementFilter,
    page: { readonly limit: number; readonly after?: SettlementPosition },
  ): Promise<SettlementPage>;

  /** The sum, in stroops, of what the vault's settlements hold: not charged yet, nor given up. */
  sumReserved(tenantId: string, vaultContractId: string): Promise<bigint>;
}
