import type { Scope } from "../../contracts/scope.ts";
import type { AdminWrite } from "../admin-audit/admin-act.ts";

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
  /** Coarse: to some minutes. */
  readonly lastUsedAt: Date | undefined;
  /** The key that takes the place of this one since it was rolled. */
  readonly successorId: string | undefined;
}

export type NewApiKey = Pick<
  ApiKey,
  "id" | "name" | "environment" | "secretHash" | "scopes" | "expiresAt"
>;

/** What a key is rolled to: a new secret, and until when the old one goes on. */
export interface Roll extends Pick<ApiKey, "id" | "environment" | "secretHash"> {
  /** Of the successor; left out: as long after `now` as the old key's was after its creation. */
  readonly expiresAt?: Date | undefined;
  /** 0: the old key is revoked with the roll. */
  readonly overlapMs: number;
}

export interface RolledKey {
  readonly successor: ApiKey;
  readonly predecessor: ApiKey;
}

export interface KeyUse {
  readonly keyId: string;
  readonly at: Date;
}

export interface ApiKeyPage {
  readonly keys: readonly ApiKey[];
  readonly hasNext: boolean;
  /** Keys of the tenant in all, revoked ones included. */
  readonly total: number;
}

export interface Revocations {
  readonly keyIds: readonly string[];
  /** Keys that were rolled, and may end earlier than was known. */
  readonly rolledIds: readonly string[];
  /** The store's time of this reading: what the next one gives as `since`. */
  readonly asOf: Date;
}

/** API keys: read and written by the gateway alone, before any tenant is known. */
export interface ApiKeyRepository {
  /** @throws {ProblemError} tenant_not_found */
  create(tenantId: string, key: NewApiKey, now: Date, write?: AdminWrite<ApiKey>): Promise<ApiKey>;

  /**
   * Makes a key with the name and scopes of another, which ends `overlapMs` after `now`, or earlier if
   * it would have anyway. One of many who race for it makes the successor.
   * @throws {ProblemError} api_key_not_found; api_key_inactive when it is revoked, expired or was rolled
   */
  roll(
    tenantId: string,
    keyId: string,
    roll: Roll,
    now: Date,
    write?: AdminWrite<RolledKey>,
  ): Promise<RolledKey>;

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
  revoke(tenantId: string, keyId: string, write?: AdminWrite<ApiKey>): Promise<ApiKey | undefined>;

  /** Keeps when keys were used last, of whichever tenants; what is no news is left as it is. */
  noteUsed(uses: readonly KeyUse[]): Promise<void>;

  /**
   * The keys revoked since an earlier reading, and for some seconds before it, so that a revocation
   * that was still committing then is not missed. Without `since`: the last seconds.
   */
  listRevoked(since?: Date): Promise<Revocations>;
}

/** How far back a reading of revocations looks: longer than a revocation can take to commit. */
export const REVOCATION_OVERLAP_MS = 20_000;

/** A use that is not later by this is no news: a key is written at most so often. */
export const LAST_USED_RESOLUTION_MS = 60_000;
