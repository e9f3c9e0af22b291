import { systemClock } from "../../contracts/clock.ts";
import { MemoryTenantRepository } from "../tenant/tenant-repository.memory.ts";
import { describeApiKeyRepository } from "./api-key-repository.contract.ts";
import { MemoryApiKeyRepository } from "./api-key-repository.memory.ts";

describeApiKeyRepository("memory", async () => {
  const tenants = new MemoryTenantRepository();
  return { keys: new MemoryApiKeyRepository(tenants, systemClock), tenants };
});
