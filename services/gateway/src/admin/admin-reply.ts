import { encodeCursor } from "@orrery/common/contracts/keyset-page";
import type { ApiKey } from "@orrery/common/repositories/api-key/api-key-repository";
import type { Tenant } from "@orrery/common/repositories/tenant/tenant-repository";
import { apiKeyPrefix } from "../credentials/api-key.ts";

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
