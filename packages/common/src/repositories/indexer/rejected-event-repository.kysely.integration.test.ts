import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeRejectedEventRepository } from "./rejected-event-repository.contract.ts";
import { KyselyRejectedEventRepository } from "./rejected-event-repository.kysely.ts";

const test = useTestDatabase();

describeRejectedEventRepository("Postgres", async () => {
  await test.empty();
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  const { kysely } = test.login("catalog");
  return {
    events: new KyselyRejectedEventRepository(kysely, () => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
