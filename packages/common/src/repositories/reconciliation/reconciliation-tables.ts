import type { ColumnType, Generated } from "kysely";
import type { Timestamp } from "../tables.ts";
import type { DifferenceKind } from "./difference.ts";

/** How far the periodic reconciliation has come, and which instance is at it. */
export interface ReconciliationCursorsTable {
  name: string;
  next_ledger: number | null;
  lease_owner: string | null;
  lease_epoch: Generated<string>;
  lease_until: ColumnType<Date, never, Date>;
}

/** Every difference ever found; open until it is gone or an operator closes it. */
export interface ReconciliationDifferencesTable {
  id: string;
  kind: DifferenceKind;
  vault_contract_id: string;
  ledger: number;
  tx_hash: Generated<string>;
  marker: Generated<string>;
  tenant_id: string | null;
  subject_id: string | null;
  detail: string;
  found_at: Timestamp;
  closed_at: Timestamp | null;
  closed_by: string | null;
}

/** What operators did, and on what evidence; append-only. `tenant_id` is empty for the platform's. */
export interface OperatorAuditTable {
  tenant_id: string;
  id: string;
  operator: string;
  action: string;
  subject: string;
  evidence: string;
  details: ColumnType<unknown, string, never>;
  recorded_at: Timestamp;
}
