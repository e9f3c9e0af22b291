import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenant } from "../database.ts";
import { appendToOutbox } from "../outbox/outbox-append.ts";
import { KyselyOutboxRepository } from "../outbox/outbox-repository.kysely.ts";
import { announcementOf } from "../token/catalog-fixtures.contract.ts";
import { describeEventLogRepository } from "./event-log-repository.contract.ts";
import { KyselyEventLogRepository } from "./event-log-repository.kysely.ts";

const test = useTestDatabase();

describeEventLogRepository("Postgres", async () => {
  const all = test.database().kysely;
  for (const table of ["outbox", "event_log", "event_topics"] as const) {
    await all.deleteFrom(table).execute();
  }
  const { kysely } = test.login("catalog", { role: "orrery_relay" });
  // Rows are logged by the database's clock, and grow old by the test's.
  let passedMs = 0;
  return {
    outbox: new KyselyOutboxRepository(kysely),
    log: new KyselyEventLogRepository(kysely, () => Date.now() + passedMs),
    announce: (event) =>
      withTenant(test.login("catalog").kysely, "acme", async (transaction) => {
        await appendToOutbox(transaction, announcementOf(event, "acme"));
      }),
    pass: (ms) => {
      passedMs += ms;
    },
  };
});
