import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describeMediaFileRepository } from "./media-file-repository.contract.ts";
import { KyselyMediaFileRepository } from "./media-file-repository.kysely.ts";

const test = useTestDatabase();

describeMediaFileRepository("kysely", async () => {
  const catalog = await makeKyselyAdapters(test);
  return { files: new KyselyMediaFileRepository(test.login("catalog").kysely), catalog };
});
