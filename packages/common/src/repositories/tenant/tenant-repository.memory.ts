import { ProblemError } from "../../contracts/errors.ts";
import type { AdminAct, AdminWrite } from "../admin-audit/admin-act.ts";
import type { Tenant, TenantPage, TenantRepository } from "./tenant-repository.ts";

export class MemoryTenantRepository implements TenantRepository {
  readonly #tenants = new Map<string, Tenant>();
  readonly #append: (act: AdminAct | undefined) => void;

  constructor(append: (act: AdminAct | undefined) => void = () => undefined) {
    this.#append = append;
  }

  async create(
    { id, name }: Pick<Tenant, "id" | "name">,
    now: Date,
    { act }: AdminWrite<Tenant> = {},
  ): Promise<Tenant> {
    if (this.#tenants.has(id)) {
      throw new ProblemError("tenant_exists", "Another tenant has this id.");
    }
    const tenant = { id, name, createdAt: now };
    this.#tenants.set(id, tenant);
    this.#append(act);
    return tenant;
  }

  async find(tenantId: string): Promise<Tenant | undefined> {
    return this.#tenants.get(tenantId);
  }

  async list({ limit, afterId }: { limit: number; afterId?: string }): Promise<TenantPage> {
    const following = [...this.#tenants.values()]
      .filter(({ id }) => afterId === undefined || id > afterId)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return {
      tenants: following.slice(0, limit),
      hasNext: following.length > limit,
      total: this.#tenants.size,
    };
  }
}
