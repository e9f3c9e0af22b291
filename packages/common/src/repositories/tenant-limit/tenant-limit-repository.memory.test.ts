import { systemClock } from "../../contracts/clock.ts";
import { MemoryTenantRepository } from "../tenant/tenant-repository.memory.ts";
import { describeTenantLimitRepository } from "./tenant-limit-repository.contract.ts";
import { MemoryTenantLimitRepository } from "./tenant-limit-repository.memory.ts";

describeTenantLimitRepository("memory", async () => {
  const tenants = new MemoryTenantRepository();
  return { limits: new MemoryTenantLimitRepository(tenants, systemClock), tenants };
});
