// Generated from docs/openapi.json by `npm run generate`.

/** Where the API is mounted. */
export const API_MOUNT = "/api/v1";

/** Method and path template of every operation. */
export const OPERATIONS = {
  createTenant: ["POST", "/admin/tenants"],
  listTenants: ["GET", "/admin/tenants"],
  getTenant: ["GET", "/admin/tenants/{tenantId}"],
  createApiKey: ["POST", "/admin/tenants/{tenantId}/keys"],
  listApiKeys: ["GET", "/admin/tenants/{tenantId}/keys"],
  rollApiKey: ["POST", "/admin/tenants/{tenantId}/keys/{keyId}/roll"],
  revokeApiKey: ["DELETE", "/admin/tenants/{tenantId}/keys/{keyId}"],
  putTenantLimits: ["PUT", "/admin/tenants/{tenantId}/limits"],
  getTenantLimits: ["GET", "/admin/tenants/{tenantId}/limits"],
  deleteTenantLimits: ["DELETE", "/admin/tenants/{tenantId}/limits"],
  listAdminAudit: ["GET", "/admin/audit"],
  putVault: ["PUT", "/billing/vaults/{userId}"],
  getVault: ["GET", "/billing/vaults/{userId}"],
  putApi: ["PUT", "/billing/apis/{apiId}"],
  getApi: ["GET", "/billing/apis/{apiId}"],
  getBalance: ["GET", "/billing/balance/{userId}"],
  deduct: ["POST", "/billing/deduct"],
  deductBulk: ["POST", "/billing/deduct/bulk"],
  getRequest: ["GET", "/billing/request/{requestId}"],
  listUsage: ["GET", "/billing/usage"],
  summariseUsage: ["GET", "/billing/usage/summary"],
  listSettlements: ["GET", "/billing/settlements"],
  getSettlement: ["GET", "/billing/settlements/{settlementId}"],
  createStream: ["POST", "/streams"],
  listStreams: ["GET", "/streams"],
  startStream: ["POST", "/streams/{streamId}/start"],
  getStream: ["GET", "/streams/{streamId}"],
  pauseStream: ["POST", "/streams/{streamId}/pause"],
  stopStream: ["POST", "/streams/{streamId}/stop"],
  settleStream: ["POST", "/streams/{streamId}/settle"],
  cancelStream: ["POST", "/streams/{streamId}/cancel"],
  withdrawStream: ["POST", "/streams/{streamId}/withdraw"],
  listStreamActivity: ["GET", "/streams/{streamId}/activity"],
  listActivity: ["GET", "/activity"],
  putUser: ["PUT", "/users/{walletAddress}"],
  getUser: ["GET", "/users/{walletAddress}"],
  createExport: ["POST", "/exports"],
  listExports: ["GET", "/exports"],
  getExport: ["GET", "/exports/{exportId}"],
  downloadExport: ["GET", "/exports/{exportId}/download"],
  listExportAudit: ["GET", "/exports/{exportId}/audit"],
  createToken: ["POST", "/tokens"],
  recordBurn: ["POST", "/tokens/{address}/burns"],
  searchTokens: ["GET", "/tokens/search"],
  getToken: ["GET", "/tokens/{address}"],
  putMedia: ["PUT", "/tokens/{address}/media"],
  getMediaUrl: ["GET", "/tokens/{address}/media/url"],
  getMedia: ["GET", "/media/{tenantId}/{address}/{path}"],
  getLeaderboard: ["GET", "/leaderboard/{type}"],
  watchLeaderboard: ["GET", "/leaderboard/{type}/live"],
  createPool: ["POST", "/pools"],
  listPools: ["GET", "/pools"],
  placePrediction: ["POST", "/pools/{poolId}/predictions"],
  closePool: ["POST", "/pools/{poolId}/close"],
  settlePool: ["POST", "/pools/{poolId}/settle"],
  getPool: ["GET", "/pools/{poolId}"],
  getStats: ["GET", "/stats"],
} as const;

/** Every code of an error that the API answers with. */
export type ProblemCode =
  | "api_key_inactive"
  | "api_key_not_found"
  | "api_not_found"
  | "backlog_full"
  | "bad_gateway"
  | "billing_unavailable"
  | "burn_exceeds_supply"
  | "burn_mismatch"
  | "deduction_rejected"
  | "event_id_reused"
  | "export_expired"
  | "export_not_found"
  | "export_not_ready"
  | "export_url_expired"
  | "export_url_invalid"
  | "gateway_timeout"
  | "idempotency_in_progress"
  | "idempotency_key_required"
  | "idempotency_key_reused"
  | "insufficient_balance"
  | "insufficient_scope"
  | "internal_error"
  | "invalid_cursor"
  | "invalid_pool_state"
  | "invalid_request"
  | "invalid_stream_state"
  | "invalid_tenant_id"
  | "leaderboard_not_found"
  | "live_full"
  | "malformed_json"
  | "media_not_found"
  | "media_url_expired"
  | "media_url_invalid"
  | "payload_too_large"
  | "pool_closed"
  | "pool_exists"
  | "pool_not_found"
  | "range_not_satisfiable"
  | "rate_limited"
  | "request_id_mismatch"
  | "request_not_found"
  | "request_timeout"
  | "secret_already_shown"
  | "service_unavailable"
  | "settlement_in_progress"
  | "settlement_not_found"
  | "soroban_unavailable"
  | "stream_busy"
  | "stream_exists"
  | "stream_not_cancellable"
  | "stream_not_found"
  | "tenant_exists"
  | "tenant_forbidden"
  | "tenant_not_found"
  | "tenant_required"
  | "token_exists"
  | "token_not_found"
  | "unauthenticated"
  | "unsupported_media_type"
  | "uri_too_long"
  | "user_not_found"
  | "vault_not_found"
  | "vault_taken";
