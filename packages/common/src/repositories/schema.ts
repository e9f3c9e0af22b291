import type { AdminAuditTable } from "./admin-audit/admin-audit-table.ts";
import type { ApiKeysTable } from "./api-key/api-keys-table.ts";
import type { BurnWindowsTable, TokenBurnsTable } from "./burn/burns-tables.ts";
import type { AppliedEventsTable, DeadLettersTable } from "./dead-letter/consumer-tables.ts";
import type { EventLogTable, EventTopicsTable } from "./event-log/event-log-tables.ts";
import type { ExportAuditTable, ExportJobsTable } from "./export/export-tables.ts";
import type { IdempotencyKeysTable } from "./idempotency/idempotency-keys-table.ts";
import type {
  IndexerGapsTable,
  IndexerPositionsTable,
  RejectedEventsTable,
} from "./indexer/indexer-tables.ts";
import type { BurnerWindowsTable, TokenScoresTable } from "./leaderboard/leaderboard-tables.ts";
import type { MediaFilesTable } from "./media-file/media-files-table.ts";
import type { CacheGenerationsTable, OutboxTable } from "./outbox/outbox-tables.ts";
import type {
  PoolCountersTable,
  PoolEventsTable,
  PoolsTable,
  PredictionsTable,
} from "./pool/pools-tables.ts";
import type {
  OperatorAuditTable,
  ReconciliationCursorsTable,
  ReconciliationDifferencesTable,
} from "./reconciliation/reconciliation-tables.ts";
import type { RegisteredApisTable } from "./registered-api/registered-apis-table.ts";
import type { SettlementsTable, VaultBalancesTable } from "./settlement/settlements-tables.ts";
import type { StoreModesTable } from "./store-mode/store-modes-table.ts";
import type {
  ActivityEventsTable,
  ListSizesTable,
  StreamsTable,
  UsersTable,
} from "./stream/streams-tables.ts";
import type {
  SubmissionAttemptsArchiveTable,
  SubmissionIntentsArchiveTable,
} from "./submission-archive/archive-tables.ts";
import type {
  SubmissionAttemptsTable,
  SubmissionChannelsTable,
  SubmissionIntentsTable,
} from "./submission-journal/submission-tables.ts";
import type { TenantsTable } from "./tenant/tenants-table.ts";
import type { TenantLimitsTable } from "./tenant-limit/tenant-limits-table.ts";
import type { TokenSearchTable, TokensTable } from "./token/tokens-table.ts";
import type { UsageEventsTable } from "./usage-event/usage-events-table.ts";
import type { VaultOwnersTable, VaultsTable } from "./vault/vaults-table.ts";

/** Every table, as Kysely sees it; each is declared beside the repository that owns it. */
export interface Schema {
  tenants: TenantsTable;
  api_keys: ApiKeysTable;
  tenant_limits: TenantLimitsTable;
  admin_audit: AdminAuditTable;
  vaults: VaultsTable;
  vault_owners: VaultOwnersTable;
  registered_apis: RegisteredApisTable;
  usage_events: UsageEventsTable;
  settlements: SettlementsTable;
  vault_balances: VaultBalancesTable;
  streams: StreamsTable;
  activity_events: ActivityEventsTable;
  list_sizes: ListSizesTable;
  users: UsersTable;
  submission_intents: SubmissionIntentsTable;
  submission_attempts: SubmissionAttemptsTable;
  submission_channels: SubmissionChannelsTable;
  submission_intents_archive: SubmissionIntentsArchiveTable;
  submission_attempts_archive: SubmissionAttemptsArchiveTable;
  reconciliation_cursors: ReconciliationCursorsTable;
  reconciliation_differences: ReconciliationDifferencesTable;
  operator_audit: OperatorAuditTable;
  export_jobs: ExportJobsTable;
  export_audit: ExportAuditTable;
  idempotency_keys: IdempotencyKeysTable;
  store_modes: StoreModesTable;
  outbox: OutboxTable;
  event_topics: EventTopicsTable;
  event_log: EventLogTable;
  applied_events: AppliedEventsTable;
  dead_letters: DeadLettersTable;
  indexer_positions: IndexerPositionsTable;
  indexer_gaps: IndexerGapsTable;
  rejected_events: RejectedEventsTable;
  cache_generations: CacheGenerationsTable;
  tokens: TokensTable;
  token_search: TokenSearchTable;
  media_files: MediaFilesTable;
  token_burns: TokenBurnsTable;
  burn_windows: BurnWindowsTable;
  burner_windows: BurnerWindowsTable;
  token_scores: TokenScoresTable;
  pools: PoolsTable;
  pool_events: PoolEventsTable;
  predictions: PredictionsTable;
  pool_counters: PoolCountersTable;
}
