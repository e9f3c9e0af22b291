import { useTestDatabase } from "../../testing/contract-database.ts";
import { KyselyTokenRepository } from "../token/token-repository.kysely.ts";
import { describeRejectedEventRepository } from "./rejected-event-repository.contract.ts";
import { KyselyRejectedEventRepository } from "./rejected-event-repository.kysely.ts";

const test = useTestDatabase();

describeRejectedEventRepository("Postgres", async () => {
  const all = test.database().kysely;
  for (const table of ["rejected_events", "applied_events", "tokens"] as const) {
    await all.deleteFrom(table).execute();
  }
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  const { kysely } = test.login("catalog");
  return {
    tokens: new KyselyTokenRepository(kysely),
    events: new KyselyRejectedEventRepository(kysely, () => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
