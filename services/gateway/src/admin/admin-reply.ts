import { encodeCursor } from "@orrery/common/contracts/keyset-page";
import type { AdminAct } from "@orrery/common/repositories/admin-audit/admin-act";
import type { ApiKey, RolledKey } from "@orrery/common/repositories/api-key/api-key-repository";
import type { Tenant } from "@orrery/common/repositories/tenant/tenant-repository";
import type { TenantLimits } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository";
import { apiKeyPrefix } from "../credentials/api-key.ts";
import { type LimitSettings, TENANT_GROUPS, type TenantGroup } from "../limits/limit.ts";

export function tenantReply({ id, name, createdAt }: Tenant) {
  return { id, name, createdAt: createdAt.toISOString() };
}

/** A key without its secret, which is not stored, and without its hash, which stays in the store. */
export function keyReply(key: ApiKey) {
  return {
    id: key.id,
    prefix: apiKeyPrefix(key.environment, key.id),
    tenantId: key.tenantId,
    name: key.name,
    scopes: [...key.scopes],
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    successorId: key.successorId ?? null,
  };
}

/** What the creation of a tenant is answered. */
export function createdTenantAnswer(tenant: Tenant) {
  return { status: 201, body: tenantReply(tenant) };
}

/** What the creation of a key is answered; without its text, which is shown once, to repeats. */
export function createdKeyAnswer(key: ApiKey, text?: string) {
  const shown = keyReply(key);
  return {
    status: 201,
    // The only copy of a secret is nothing for a cache.
    headers: { "cache-control": "no-store" },
    body: { ...shown, key: text },
    secret: { apiKey: shown },
  };
}

/** What a roll is answered; without the new key's text, which is shown once, to repeats. */
export function rolledKeyAnswer({ successor, predecessor }: RolledKey, text?: string) {
  const shown = keyReply(successor);
  const ended = keyReply(predecessor);
  return {
    status: 201,
    headers: { "cache-control": "no-store" },
    body: { ...shown, key: text, predecessor: ended },
    secret: { apiKey: shown, predecessor: ended },
  };
}

/** `limits`: the tenant's own, when it has any. */
export function limitsReply(
  tenantId: string,
  limits: TenantLimits | undefined,
  perMinute: LimitSettings,
) {
  const given = limits?.perMinute ?? {};
  const own: Partial<Record<TenantGroup, number>> = {};
  for (const group of TENANT_GROUPS) {
    if (given[group] !== undefined) own[group] = given[group];
  }
  const inForce = TENANT_GROUPS.map((group) => [group, own[group] ?? perMinute[group]] as const);
  return {
    tenantId,
    limits: Object.fromEntries(inForce) as Record<TenantGroup, number>,
    own,
    updatedAt: limits?.updatedAt.toISOString() ?? null,
  };
}

export function actReply({ recordedAt, ...act }: AdminAct) {
  return { ...act, recordedAt: recordedAt.toISOString() };
}

/** A page in the order of ids, which are what its cursor points at. */
export function pageReply<Item extends { readonly id: string }, Reply>(
  limit: number,
  { items, hasNext, total }: { items: readonly Item[]; hasNext: boolean; total: number },
  toReply: (item: Item) => Reply,
) {
  const last = items.at(-1);
  const nextCursor = hasNext && last !== undefined ? encodeCursor(last.id) : null;
  return { data: items.map(toReply), meta: { limit, hasNext, nextCursor, total } };
}
