import { describeTenantRepository } from "./tenant-repository.contract.ts";
import { MemoryTenantRepository } from "./tenant-repository.memory.ts";

describeTenantRepository("memory", async () => new MemoryTenantRepository());
