import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeDeadLetterRepository } from "./dead-letter-repository.contract.ts";
import { KyselyDeadLetterRepository } from "./dead-letter-repository.kysely.ts";

const test = useTestDatabase();

describeDeadLetterRepository("Postgres", async () => {
  await test.database().kysely.deleteFrom("dead_letters").execute();
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  const { kysely } = test.login("catalog");
  return {
    letters: new KyselyDeadLetterRepository(kysely, () => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
