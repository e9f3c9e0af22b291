import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeVaultRepository } from "./vault-repository.contract.ts";
import { KyselyVaultRepository } from "./vault-repository.kysely.ts";

const test = useTestDatabase();

describeVaultRepository("kysely", async () => {
  await test.empty();
  return new KyselyVaultRepository(test.database().kysely);
});
