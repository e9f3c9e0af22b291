import type { Clock } from "../../contracts/clock.ts";
import { ProblemError } from "../../contracts/errors.ts";
import type { AdminAct, AdminWrite } from "../admin-audit/admin-act.ts";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import {
  CHANGE_OVERLAP_MS,
  type ChangedLimits,
  type PerMinute,
  type TenantLimitRepository,
  type TenantLimits,
} from "./tenant-limit-repository.ts";

export class MemoryTenantLimitRepository implements TenantLimitRepository {
  readonly #limits = new Map<string, TenantLimits>();
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

  async find(tenantId: string): Promise<TenantLimits | undefined> {
    return this.#limits.get(tenantId);
  }

  async put(
    tenantId: string,
    perMinute: PerMinute,
    { act }: AdminWrite<TenantLimits> = {},
  ): Promise<TenantLimits> {
    if ((await this.#tenants.find(tenantId)) === undefined) {
      throw new ProblemError("tenant_not_found", "There is no tenant with this id.");
    }
    const stored = { tenantId, perMinute: { ...perMinute }, updatedAt: new Date(this.#clock()) };
    this.#limits.set(tenantId, stored);
    this.#append(act);
    return stored;
  }

  async listChanged(since?: Date): Promise<ChangedLimits> {
    const asOf = new Date(this.#clock());
    const fromMs = (since ?? asOf).getTime() - CHANGE_OVERLAP_MS;
    const changed = [...this.#limits.values()].filter(
      ({ updatedAt }) => updatedAt.getTime() >= fromMs,
    );
    return { changed, asOf };
  }
}
