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
