import type { AdminWrite } from "../admin-audit/admin-act.ts";

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

export interface TenantPage {
  readonly tenants: readonly Tenant[];
  readonly hasNext: boolean;
  /** Tenants in all, not on this page alone. */
  readonly total: number;
}

/** The platform's tenants: the platform's own data, read and written by the gateway alone. */
export interface TenantRepository {
  /** @throws {ProblemError} tenant_exists */
  create(
    tenant: Pick<Tenant, "id" | "name">,
    now: Date,
    write?: AdminWrite<Tenant>,
  ): Promise<Tenant>;

  find(tenantId: string): Promise<Tenant | undefined>;

  /** Ascending by id, compared byte by byte; those after `afterId` when it is given. */
  list(page: { limit: number; afterId?: string | undefined }): Promise<TenantPage>;
}
