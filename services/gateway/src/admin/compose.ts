import { systemClock } from "@orrery/common/contracts/clock";
import type { AdminAuditRepository } from "@orrery/common/repositories/admin-audit/admin-audit-repository";
import type { ApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository";
import type { TenantRepository } from "@orrery/common/repositories/tenant/tenant-repository";
import type { TenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository";
import type { RevocationWatch } from "../credentials/revocation-watch.ts";
import type { TenantLimitWatch } from "../limits/tenant-limit-watch.ts";
import { AdminService } from "./admin-service.ts";
import { AuditService } from "./audit-service.ts";
import { TenantLimitService } from "./tenant-limit-service.ts";

interface AdministrationNeeds {
  readonly store: {
    readonly tenants: TenantRepository;
    readonly keys: ApiKeyRepository;
    readonly tenantLimits: TenantLimitRepository;
    readonly audit: AdminAuditRepository;
  };
  /** The `<env>` of new keys. */
  readonly keyEnvironment: string;
  /** Told of what is revoked, rolled or limited here. */
  readonly revocations: Pick<RevocationWatch, "note" | "noteRolled">;
  readonly limits: Pick<TenantLimitWatch, "note">;
}

/** What the gateway answers itself. */
export interface Administration {
  readonly admin: AdminService;
  readonly tenantLimits: TenantLimitService;
  readonly audit: AuditService;
}

export function composeAdministration(needs: AdministrationNeeds): Administration {
  const { store, keyEnvironment, revocations, limits } = needs;
  return {
    admin: new AdminService({
      tenants: store.tenants,
      keys: store.keys,
      clock: systemClock,
      keyEnvironment,
      onRevoked: (keyId) => revocations.note(keyId),
      onRolled: (keyId) => revocations.noteRolled(keyId),
    }),
    tenantLimits: new TenantLimitService({
      tenants: store.tenants,
      limits: store.tenantLimits,
      clock: systemClock,
      onChanged: (tenantId, own) => limits.note(tenantId, own),
    }),
    audit: new AuditService(store.audit),
  };
}
