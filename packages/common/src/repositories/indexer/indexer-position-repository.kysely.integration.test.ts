import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeIndexerPositionRepository } from "./indexer-position-repository.contract.ts";
import { KyselyIndexerPositionRepository } from "./indexer-position-repository.kysely.ts";

const test = useTestDatabase();

describeIndexerPositionRepository("Postgres", async () => {
  await test.empty();
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  const { kysely } = test.login("catalog");
  return {
    positions: new KyselyIndexerPositionRepository(kysely, () => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
