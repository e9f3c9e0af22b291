import type { Scope } from "../../contracts/scope.ts";
import type { Effect } from "../idempotency/effect.ts";

/** One API key as it is stored: the secret itself is nowhere. */
export interface ApiKey {
  /** Unique over all tenants; part of the key's text, so that it can be looked up. */
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  /** The `<env>` of `ork_<env>_<id>_<secret>`. */
  readonly environment: string;
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Uint8Array;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export type NewApiKey = Pick<
  ApiKey,
  "id" | "name" | "environment" | "secretHash" | "scopes" | "expiresAt"
>;

export interface ApiKeyPage {
  readonly keys: readonly ApiKey[];
  readonly hasNext: boolean;
  /** Keys of the tenant in all, revoked ones included. */
  readonly total: number;
}

export interface Revocations {
  readonly keyIds: readonly string[];
  /** The store's time of this reading: what the next one gives as `since`. */
  readonly asOf: Date;
}

/** API keys: read and written by the gateway alone, before any tenant is known. */
export interface ApiKeyRepository {
  /** With the key commits the answer of `effect`. @throws {ProblemError} tenant_not_found */
  create(tenantId: string, key: NewApiKey, now: Date, effect?: Effect<ApiKey>): Promise<ApiKey>;

  /** The key of whichever tenant: what a presented key is looked up by. */
  findById(keyId: string): Promise<ApiKey | undefined>;

  /** The tenant's keys, ascending by id; those after `afterId` when it is given. */
  list(
    tenantId: string,
    page: { limit: number; afterId?: string | undefined },
  ): Promise<ApiKeyPage>;

  /**
   * Revokes at the store's own time; again changes nothing. Undefined when the tenant has no such
   * key.
   */
  revoke(tenantId: string, keyId: string): Promise<ApiKey | undefined>;

  /**
   * The keys revoked since an earlier reading, and for some seconds before it, so that a revocation
   * that was still committing then is not missed. Without `since`: the last seconds.
   */
  listRevoked(since?: Date): Promise<Revocations>;
}

/** How far back a reading of revocations looks: longer than a revocation can take to commit. */
export const REVOCATION_OVERLAP_MS = 20_000;
