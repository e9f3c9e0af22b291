import type { AdminWrite } from "../admin-audit/admin-act.ts";

/** The limits that a tenant has of its own: by group, requests per minute. */
export type PerMinute = Readonly<Record<string, number>>;

export interface TenantLimits {
  readonly tenantId: string;
  /** Groups that are left out are the deployment's; without any, they were taken back. */
  readonly perMinute: PerMinute;
  readonly updatedAt: Date;
}

export interface ChangedLimits {
  readonly changed: readonly TenantLimits[];
  /** The store's time of this reading: what the next one gives as `since`. */
  readonly asOf: Date;
}

/** Limits of single tenants: written by administration, read by every gateway. */
export interface TenantLimitRepository {
  /** Undefined when the tenant never had limits of its own. */
  find(tenantId: string): Promise<TenantLimits | undefined>;

  /** Replaces all of them, at the store's own time. @throws {ProblemError} tenant_not_found */
  put(
    tenantId: string,
    perMinute: PerMinute,
    write?: AdminWrite<TenantLimits>,
  ): Promise<TenantLimits>;

  /**
   * What was changed since `since` and in `CHANGE_OVERLAP_MS` before it, so that a change that was
   * still committing then is not missed. Without `since`: the last seconds.
   */
  listChanged(since?: Date): Promise<ChangedLimits>;
}

/** How far back a reading of changes looks: longer than a change can take to commit. */
export const CHANGE_OVERLAP_MS = 20_000;
