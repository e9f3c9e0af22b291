import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeStoreModeRepository } from "./store-mode-repository.contract.ts";
import { KyselyStoreModeRepository } from "./store-mode-repository.kysely.ts";

const test = useTestDatabase();

describeStoreModeRepository("kysely", async () => {
  await test.empty();
  return new KyselyStoreModeRepository(test.login("billing").kysely);
});
