import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeTenantRepository } from "./tenant-repository.contract.ts";
import { KyselyTenantRepository } from "./tenant-repository.kysely.ts";

const test = useTestDatabase();

describeTenantRepository("kysely", async () => {
  await test.empty();
  return new KyselyTenantRepository(test.database().kysely);
});
