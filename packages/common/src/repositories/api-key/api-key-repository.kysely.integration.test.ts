import { useTestDatabase } from "../../testing/contract-database.ts";
import { KyselyTenantRepository } from "../tenant/tenant-repository.kysely.ts";
import { describeApiKeyRepository } from "./api-key-repository.contract.ts";
import { KyselyApiKeyRepository } from "./api-key-repository.kysely.ts";

const test = useTestDatabase();

describeApiKeyRepository("kysely", async () => {
  await test.empty();
  const { kysely } = test.database();
  return {
    keys: new KyselyApiKeyRepository(kysely),
    tenants: new KyselyTenantRepository(kysely),
  };
});
