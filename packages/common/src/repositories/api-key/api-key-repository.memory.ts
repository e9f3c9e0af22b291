import type { Clock } from "../../contracts/clock.ts";
import { ProblemError } from "../../contracts/errors.ts";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import {
  type ApiKey,
  type ApiKeyPage,
  type ApiKeyRepository,
  type NewApiKey,
  REVOCATION_OVERLAP_MS,
  type Revocations,
} from "./api-key-repository.ts";

export class MemoryApiKeyRepository implements ApiKeyRepository {
  readonly #keys = new Map<string, ApiKey>();
  readonly #tenants: Pick<TenantRepository, "find">;
  readonly #clock: Clock;

  constructor(tenants: Pick<TenantRepository, "find">, clock: Clock) {
    this.#tenants = tenants;
    this.#clock = clock;
  }

  async create(tenantId: string, key: NewApiKey, now: Date): Promise<ApiKey> {
    if ((await this.#tenants.find(tenantId)) === undefined) {
      throw new ProblemError("tenant_not_found", "There is no tenant with this id.");
    }
    if (this.#keys.has(key.id)) throw new Error(`the key id ${key.id} is taken`);
    const stored = { ...key, tenantId, createdAt: now, revokedAt: undefined };
    this.#keys.set(key.id, stored);
    return stored;
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

  async revoke(tenantId: string, keyId: string): Promise<ApiKey | undefined> {
    const key = this.#keys.get(keyId);
    if (key?.tenantId !== tenantId) return undefined;
    if (key.revokedAt !== undefined) return key;
    const revoked = { ...key, revokedAt: new Date(this.#clock()) };
    this.#keys.set(keyId, revoked);
    return revoked;
  }

  async listRevoked(since?: Date): Promise<Revocations> {
    const asOf = new Date(this.#clock());
    const fromMs = (since ?? asOf).getTime() - REVOCATION_OVERLAP_MS;
    const keyIds = [...this.#keys.values()]
      .filter(({ revokedAt }) => revokedAt !== undefined && revokedAt.getTime() >= fromMs)
      .map(({ id }) => id);
    return { keyIds, asOf };
  }
}
