import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeRegisteredApiRepository } from "./registered-api-repository.contract.ts";
import { KyselyRegisteredApiRepository } from "./registered-api-repository.kysely.ts";

const test = useTestDatabase();

describeRegisteredApiRepository("kysely", async () => {
  await test.empty();
  return new KyselyRegisteredApiRepository(test.database().kysely);
});
