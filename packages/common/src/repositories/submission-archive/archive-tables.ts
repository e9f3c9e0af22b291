/** Confirmed intents that left the journal. `record`: the journal's row, whole. */
export interface SubmissionIntentsArchiveTable {
  tenant_id: string;
  intent_id: string;
  marker: string;
  vault_contract_id: string;
  ledger: number | null;
  record: unknown;
}

/** Ended attempts that left the journal. `record`: the journal's row, its hashes without envelopes. */
export interface SubmissionAttemptsArchiveTable {
  tenant_id: string;
  attempt_id: string;
  record: unknown;
}
