import type { AttemptPurpose, AttemptState } from "@orrery/soroban/intent/attempt";
import type { SubmissionFailure } from "@orrery/soroban/intent/failure";
import type { Evidence } from "@orrery/soroban/intent/resolution";
import type { IntentKind, IntentState } from "@orrery/soroban/intent/submission-intent";
import type { ChannelRecord } from "@orrery/soroban/journal/channel-journal";
import type { ColumnType, Generated } from "kysely";
import type { Exact } from "../tables.ts";

/** JSONB: read as its value, written as text. */
type Json<Value> = ColumnType<Value, string, string>;

/** One row per intent. `due_at_ms`: the later of when it is due and when its lease ends. */
export interface SubmissionIntentsTable {
  tenant_id: string;
  intent_id: string;
  kind: IntentKind;
  subject_id: string;
  vault_contract_id: string;
  payee: string;
  amount_stroops: Exact;
  marker: string;
  created_at_ms: Exact;
  state: Generated<IntentState>;
  armed_at_ms: Exact;
  due_at_ms: Exact;
  lease_owner: string | null;
  lease_epoch: ColumnType<string, bigint | undefined, bigint>;
  retry_count: Generated<number>;
  current_attempt_id: string | null;
  /** Every attempt at it, oldest first. */
  attempt_ids: Generated<string[]>;
  resolved_at_ms: Exact | null;
  tx_hash: string | null;
  ledger: number | null;
  return_value: string | null;
  evidence: Evidence | null;
  failure: Json<SubmissionFailure> | null;
}

/** How the hashes of an attempt are stored: stroops as text, since JSON numbers are not exact. */
export interface StoredHash {
  hash: string;
  envelopeXdr: string;
  feeStroops: string;
  storedAtMs: number;
}

/** One row per attempt; without a channel it is a refusal that never reached the network. */
export interface SubmissionAttemptsTable {
  tenant_id: string;
  attempt_id: string;
  intent_ids: string[];
  state: AttemptState;
  purpose: AttemptPurpose | null;
  channel_index: number | null;
  channel_public_key: string | null;
  sequence: Exact | null;
  hashes: Json<StoredHash[]> | null;
  replaced_hashes: string[] | null;
  ledger_at_build: number | null;
  max_ledger: number | null;
  max_time_s: Exact | null;
  prepared_at_ms: Exact | null;
  sent_at_ms: Exact | null;
  ended_at_ms: Exact | null;
  ledger: number | null;
  failure: Json<SubmissionFailure> | null;
}

/** One row per channel account; they belong to the platform, not to a tenant. */
export interface SubmissionChannelsTable {
  channel_index: number;
  public_key: string;
  state: Generated<ChannelRecord["state"]>;
  until_ms: ColumnType<string, number | undefined, number>;
  lease_epoch: ColumnType<string, bigint | undefined, bigint>;
  next_sequence: Exact | null;
  last_resolved_ledger: Generated<number>;
  last_used: ColumnType<string, number | undefined, number>;
  bound_tenant_id: string | null;
  bound_attempt_id: string | null;
  quarantine_reason: string | null;
}
