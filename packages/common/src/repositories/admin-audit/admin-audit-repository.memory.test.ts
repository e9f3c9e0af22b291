import { systemClock } from "../../contracts/clock.ts";
import { MemoryApiKeyRepository } from "../api-key/api-key-repository.memory.ts";
import { MemoryTenantRepository } from "../tenant/tenant-repository.memory.ts";
import { MemoryTenantLimitRepository } from "../tenant-limit/tenant-limit-repository.memory.ts";
import { describeAdminAudit } from "./admin-audit-repository.contract.ts";
import { MemoryAdminAuditRepository } from "./admin-audit-repository.memory.ts";

describeAdminAudit("memory", async () => {
  const audit = new MemoryAdminAuditRepository();
  const tenants = new MemoryTenantRepository(audit.append);
  return {
    audit,
    tenants,
    keys: new MemoryApiKeyRepository(tenants, systemClock, audit.append),
    limits: new MemoryTenantLimitRepository(tenants, systemClock, audit.append),
  };
});
