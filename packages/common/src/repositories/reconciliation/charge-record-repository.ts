import type { IntentKind, IntentState } from "@orrery/soroban/intent/submission-intent";

/** What the rows say of one charge. */
export interface ChargeRecord {
  readonly tenantId: string;
  readonly intentId: string;
  readonly kind: IntentKind;
  readonly subjectId: string;
  readonly vaultContractId: string;
  readonly payee: string;
  readonly amountStroops: bigint;
  readonly marker: string;
  readonly state: IntentState;
  /** Absent for a charge that only the marker proves. */
  readonly txHash?: string;
  readonly ledger?: number;
  /** What the tenant sees: a deduction's usage event, the sum of a settlement's, or a stream's payment. */
  readonly usageEvent?: {
    readonly status: string;
    readonly amountStroops: bigint;
    readonly txHash?: string;
    readonly ledger?: number;
  };
}

/** Where a page of charges begins: after this one. */
export interface ChargePosition {
  readonly ledger: number;
  readonly intentId: string;
}

/** Charges of every tenant, journal and archive together, for reconciliation. */
export interface ChargeRecordRepository {
  /** Contract ids of every vault that is registered or was ever charged, in order, after `after`. */
  listVaults(after: string, limit: number): Promise<string[]>;

  /** The vault's confirmed charges in these ledgers (both included), ordered by ledger. */
  listCharged(request: {
    readonly vaultContractId: string;
    readonly fromLedger: number;
    readonly toLedger: number;
    readonly after?: ChargePosition;
    readonly limit: number;
  }): Promise<ChargeRecord[]>;

  /** The intents with these markers, whatever their state, vault and tenant. At most 1,000. */
  listByMarker(markers: readonly string[]): Promise<ChargeRecord[]>;
}
