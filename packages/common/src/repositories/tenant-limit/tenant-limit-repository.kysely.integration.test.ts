import { useTestDatabase } from "../../testing/contract-database.ts";
import { KyselyTenantRepository } from "../tenant/tenant-repository.kysely.ts";
import { describeTenantLimitRepository } from "./tenant-limit-repository.contract.ts";
import { KyselyTenantLimitRepository } from "./tenant-limit-repository.kysely.ts";

const test = useTestDatabase();

describeTenantLimitRepository("kysely", async () => {
  await test.empty();
  const { kysely } = test.database();
  return {
    limits: new KyselyTenantLimitRepository(kysely),
    tenants: new KyselyTenantRepository(kysely),
  };
});
