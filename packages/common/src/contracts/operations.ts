import type { Scope } from "./scope.ts";

/**
 * In the place of a scope: the link itself is the credential, and the service that signed it verifies
 * it. The gateway asks for no other, and the service gets no tenant but the link's.
 */
export const SIGNED_LINK = "signed-link";

export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Relative to the version's mount, `/api/v1`. */
  readonly path: `/${string}`;
  readonly service: "gateway" | "billing" | "catalog";
  /** What the caller must be allowed to do. */
  readonly scope: Scope | typeof SIGNED_LINK;
  /** How long the gateway waits for the first byte of the answer. */
  readonly timeoutMs: number;
  /** The largest body that is taken, where it is not what every other one is held to. */
  readonly maxBodyBytes?: number;
  /** Answered with server-sent events for as long as the caller listens. */
  readonly isWatch?: true;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** The largest file of a token's media. */
export const MAX_MEDIA_BYTES = 10 * 1_024 * 1_024;
/** The longest that `Prefer: wait` may ask a deduction to wait. */
export const MAX_WAIT_SECONDS = 30;
/**
 * How many calls of each kind one instance of billing keeps waiting for the chain; others get their
 * 202 at once. Far fewer than a gateway passes to an instance, so that a chain that is away leaves
 * room for all other calls.
 */
export const MAX_WAITING_CALLS = { deductions: 2_000, streamActions: 500 } as const;
const WAITING_TIMEOUT_MS = (MAX_WAIT_SECONDS + 10) * 1_000;

function operation(
  service: Operation["service"],
  method: Operation["method"],
  path: Operation["path"],
  scope: Operation["scope"],
  timeoutMs: number = DEFAULT_TIMEOUT_MS,
): Operation {
  return { service, method, path, scope, timeoutMs };
}

/** An action that pays what a stream owes, and may wait for the chain as a deduction may. */
function settling(path: Operation["path"]): Operation {
  return operation("billing", "POST", path, "billing:write", WAITING_TIMEOUT_MS);
}

/** Takes files of any type, which may take a while to store. */
const PUT_MEDIA: Operation = {
  ...operation("catalog", "PUT", "/tokens/:address/media", "catalog:write", 40_000),
  maxBodyBytes: MAX_MEDIA_BYTES,
};

const WATCH_LEADERBOARD: Operation = {
  ...operation("catalog", "GET", "/leaderboard/:type/live", "catalog:read"),
  isWatch: true,
};

/**
 * Every call of the API with the service that answers it and the scope that it wants: the one
 * table that the gateway proxies by and that services mount their routes by.
 */
export const OPERATIONS = {
  createTenant: operation("gateway", "POST", "/admin/tenants", "admin"),
  listTenants: operation("gateway", "GET", "/admin/tenants", "admin"),
  getTenant: operation("gateway", "GET", "/admin/tenants/:tenantId", "admin"),
  createApiKey: operation("gateway", "POST", "/admin/tenants/:tenantId/keys", "admin"),
  listApiKeys: operation("gateway", "GET", "/admin/tenants/:tenantId/keys", "admin"),
  revokeApiKey: operation("gateway", "DELETE", "/admin/tenants/:tenantId/keys/:keyId", "admin"),
  rollApiKey: operation("gateway", "POST", "/admin/tenants/:tenantId/keys/:keyId/roll", "admin"),
  getTenantLimits: operation("gateway", "GET", "/admin/tenants/:tenantId/limits", "admin"),
  putTenantLimits: operation("gateway", "PUT", "/admin/tenants/:tenantId/limits", "admin"),
  deleteTenantLimits: operation("gateway", "DELETE", "/admin/tenants/:tenantId/limits", "admin"),
  listAdminAudit: operation("gateway", "GET", "/admin/audit", "admin"),

  deduct: operation("billing", "POST", "/billing/deduct", "billing:write", WAITING_TIMEOUT_MS),
  deductBulk: operation(
    "billing",
    "POST",
    "/billing/deduct/bulk",
    "billing:write",
    WAITING_TIMEOUT_MS,
  ),
  getRequest: operation("billing", "GET", "/billing/request/:requestId", "billing:read"),
  listUsage: operation("billing", "GET", "/billing/usage", "billing:read"),
  summariseUsage: operation("billing", "GET", "/billing/usage/summary", "billing:read", 20_000),
  getBalance: operation("billing", "GET", "/billing/balance/:userId", "billing:read"),
  putVault: operation("billing", "PUT", "/billing/vaults/:userId", "billing:write"),
  getVault: operation("billing", "GET", "/billing/vaults/:userId", "billing:read"),
  putApi: operation("billing", "PUT", "/billing/apis/:apiId", "billing:write"),
  getApi: operation("billing", "GET", "/billing/apis/:apiId", "billing:read"),
  listSettlements: operation("billing", "GET", "/billing/settlements", "billing:read"),
  getSettlement: operation("billing", "GET", "/billing/settlements/:settlementId", "billing:read"),

  createStream: operation("billing", "POST", "/streams", "billing:write"),
  listStreams: operation("billing", "GET", "/streams", "billing:read"),
  getStream: operation("billing", "GET", "/streams/:streamId", "billing:read"),
  startStream: operation("billing", "POST", "/streams/:streamId/start", "billing:write"),
  pauseStream: operation("billing", "POST", "/streams/:streamId/pause", "billing:write"),
  stopStream: settling("/streams/:streamId/stop"),
  settleStream: settling("/streams/:streamId/settle"),
  withdrawStream: operation("billing", "POST", "/streams/:streamId/withdraw", "billing:write"),
  cancelStream: settling("/streams/:streamId/cancel"),
  listStreamActivity: operation("billing", "GET", "/streams/:streamId/activity", "billing:read"),
  listActivity: operation("billing", "GET", "/activity", "billing:read"),
  putUser: operation("billing", "PUT", "/users/:walletAddress", "billing:write"),
  getUser: operation("billing", "GET", "/users/:walletAddress", "billing:read"),

  createExport: operation("billing", "POST", "/exports", "billing:write"),
  listExports: operation("billing", "GET", "/exports", "billing:read"),
  getExport: operation("billing", "GET", "/exports/:exportId", "billing:read"),
  downloadExport: operation("billing", "GET", "/exports/:exportId/download", SIGNED_LINK),
  listExportAudit: operation("billing", "GET", "/exports/:exportId/audit", "billing:read"),

  createToken: operation("catalog", "POST", "/tokens", "catalog:write"),
  searchTokens: operation("catalog", "GET", "/tokens/search", "catalog:read"),
  getToken: operation("catalog", "GET", "/tokens/:address", "catalog:read"),
  recordBurn: operation("catalog", "POST", "/tokens/:address/burns", "catalog:write"),
  putMedia: PUT_MEDIA,
  getMediaUrl: operation("catalog", "GET", "/tokens/:address/media/url", "catalog:read"),
  getMedia: operation("catalog", "GET", "/media/:tenantId/:address/*", SIGNED_LINK),
  getLeaderboard: operation("catalog", "GET", "/leaderboard/:type", "catalog:read"),
  watchLeaderboard: WATCH_LEADERBOARD,
  getStats: operation("catalog", "GET", "/stats", "catalog:read"),
  createPool: operation("catalog", "POST", "/pools", "catalog:write"),
  listPools: operation("catalog", "GET", "/pools", "catalog:read"),
  getPool: operation("catalog", "GET", "/pools/:poolId", "catalog:read"),
  placePrediction: operation("catalog", "POST", "/pools/:poolId/predictions", "catalog:write"),
  closePool: operation("catalog", "POST", "/pools/:poolId/close", "catalog:write"),
  settlePool: operation("catalog", "POST", "/pools/:poolId/settle", "catalog:write"),
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof OPERATIONS;

/** Where the version's routes live in every process; the gateway alone knows the `/api` alias. */
export const API_PREFIX = "/api/v1";
