import type { Clock } from "../../contracts/clock.ts";
import { ProblemError } from "../../contracts/errors.ts";
import type { AdminAct, AdminWrite } from "../admin-audit/admin-act.ts";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import {
  type ApiKey,
  type ApiKeyPage,
  type ApiKeyRepository,
  type KeyUse,
  LAST_USED_RESOLUTION_MS,
  type NewApiKey,
  REVOCATION_OVERLAP_MS,
  type Revocations,
  type Roll,
  type RolledKey,
} from "./api-key-repository.ts";
import { assertRollable, predecessorExpiry, successorExpiry } from "./rolled-key.ts";

export class MemoryApiKeyRepository implements ApiKeyRepository {
  readonly #keys = new Map<string, ApiKey>();
  readonly #rolledAtMs = new Map<string, number>();
  readonly #tenants: Pick<TenantRepository, "find">;
  readonly #clock: Clock;
  readonly #append: (act: AdminAct | undefined) => void;

  constructor(
    tenants: Pick<TenantRepository, "find">,
    clock: Clock,
    append: (act: AdminAct | undefined) => void = () => undefined,
  ) {
    this.#tenants = tenants;
    this.#clock = clock;
    this.#append = append;
  }

  async create(
    tenantId: string,
    key: NewApiKey,
    now: Date,
    { act }: AdminWrite<ApiKey> = {},
  ): Promise<ApiKey> {
    if ((await this.#tenants.find(tenantId)) === undefined) {
      throw new ProblemError("tenant_not_found", "There is no tenant with this id.");
    }
    const stored = this.#insert(tenantId, key, now);
    this.#append(act);
    return stored;
  }

  async roll(
    tenantId: string,
    keyId: string,
    roll: Roll,
    now: Date,
    { act }: AdminWrite<RolledKey> = {},
  ): Promise<RolledKey> {
    const found = this.#keys.get(keyId);
    const key = found?.tenantId === tenantId ? found : undefined;
    assertRollable(key, now);
    const { id, environment, secretHash, overlapMs } = roll;
    const expiresAt = successorExpiry(key, roll, now);
    const { name, scopes } = key;
    const wanted = { id, environment, secretHash, name, scopes, expiresAt };
    const successor = this.#insert(tenantId, wanted, now);
    const end =
      overlapMs === 0
        ? { revokedAt: new Date(this.#clock()) }
        : { expiresAt: predecessorExpiry(key, roll, now) };
    const predecessor = { ...key, ...end, successorId: id };
    this.#keys.set(keyId, predecessor);
    this.#rolledAtMs.set(keyId, this.#clock());
    this.#append(act);
    return { successor, predecessor };
  }

  async findById(keyId: string): Promise<ApiKey | undefined> {
    return this.#keys.get(keyId);
  }

  async list(
    tenantId: string,
    { limit, afterId }: { limit: number; afterId?: string },
  ): Promise<ApiKeyPage> {
    const ofTenant = [...this.#keys.values()].filter((key) => key.tenantId === tenantId);
    const following = ofTenant
      .filter(({ id }) => afterId === undefined || id > afterId)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return {
      keys: following.slice(0, limit),
      hasNext: following.length > limit,
      total: ofTenant.length,
    };
  }

  async revoke(
    tenantId: string,
    keyId: string,
    { act }: AdminWrite<ApiKey> = {},
  ): Promise<ApiKey | undefined> {
    const key = this.#keys.get(keyId);
    if (key?.tenantId !== tenantId) return undefined;
    if (key.revokedAt !== undefined) return key;
    const revoked = { ...key, revokedAt: new Date(this.#clock()) };
    this.#keys.set(keyId, revoked);
    this.#append(act);
    return revoked;
  }

  async noteUsed(uses: readonly KeyUse[]): Promise<void> {
    for (const { keyId, at } of uses) {
      const key = this.#keys.get(keyId);
      const knownMs = key?.lastUsedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
      if (key === undefined || knownMs > at.getTime() - LAST_USED_RESOLUTION_MS) continue;
      this.#keys.set(keyId, { ...key, lastUsedAt: at });
    }
  }

  async listRevoked(since?: Date): Promise<Revocations> {
    const asOf = new Date(this.#clock());
    const fromMs = (since ?? asOf).getTime() - REVOCATION_OVERLAP_MS;
    const keyIds = [...this.#keys.values()]
      .filter(({ revokedAt }) => revokedAt !== undefined && revokedAt.getTime() >= fromMs)
      .map(({ id }) => id);
    const rolledIds = [...this.#rolledAtMs].filter(([, atMs]) => atMs >= fromMs).map(([id]) => id);
    return { keyIds, rolledIds, asOf };
  }

  #insert(tenantId: string, key: NewApiKey, now: Date): ApiKey {
    if (this.#keys.has(key.id)) throw new Error(`the key id ${key.id} is taken`);
    const unused = { revokedAt: undefined, lastUsedAt: undefined, successorId: undefined };
    const stored = { ...key, ...unused, tenantId, createdAt: now };
    this.#keys.set(key.id, stored);
    return stored;
  }
}
