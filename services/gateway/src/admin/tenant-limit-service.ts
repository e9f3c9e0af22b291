import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { TenantRepository } from "@orrery/common/repositories/tenant/tenant-repository";
import type {
  PerMinute,
  TenantLimitRepository,
  TenantLimits,
} from "@orrery/common/repositories/tenant-limit/tenant-limit-repository";
import { type AdminCall, actOf } from "./admin-call.ts";

interface TenantLimitServiceOptions {
  tenants: Pick<TenantRepository, "find">;
  limits: TenantLimitRepository;
  clock: Clock;
  /** Called once the limits of a tenant are changed here. */
  onChanged: (tenantId: string, perMinute: PerMinute) => void;
}

/** The limits that single tenants have of their own. */
export class TenantLimitService {
  readonly #options: TenantLimitServiceOptions;

  constructor(options: TenantLimitServiceOptions) {
    this.#options = options;
  }

  /** Undefined when there are none. @throws {ProblemError} tenant_not_found */
  async get(tenantId: string): Promise<TenantLimits | undefined> {
    await this.#assertTenant(tenantId);
    const found = await this.#options.limits.find(tenantId);
    return found !== undefined && Object.keys(found.perMinute).length > 0 ? found : undefined;
  }

  /**
   * Replaces all of them; in force here at once, and on every instance within a second.
   * @throws {ProblemError} tenant_not_found
   */
  async put(call: AdminCall, tenantId: string, perMinute: PerMinute): Promise<TenantLimits> {
    const about = { action: "putTenantLimits", tenantId, subject: tenantId } as const;
    const act = actOf(call, { ...about, details: { perMinute } }, this.#now());
    const limits = await this.#options.limits.put(tenantId, perMinute, { act });
    this.#options.onChanged(tenantId, limits.perMinute);
    return limits;
  }

  /** Takes them back; again changes nothing. @throws {ProblemError} tenant_not_found */
  async remove(call: AdminCall, tenantId: string): Promise<void> {
    if ((await this.get(tenantId)) === undefined) return;
    const about = { action: "deleteTenantLimits", tenantId, subject: tenantId } as const;
    const act = actOf(call, { ...about, details: {} }, this.#now());
    await this.#options.limits.put(tenantId, {}, { act });
    this.#options.onChanged(tenantId, {});
  }

  async #assertTenant(tenantId: string): Promise<void> {
    if ((await this.#options.tenants.find(tenantId)) !== undefined) return;
    throw new ProblemError("tenant_not_found", "There is no tenant with this id.");
  }

  #now(): Date {
    return new Date(this.#options.clock());
  }
}
