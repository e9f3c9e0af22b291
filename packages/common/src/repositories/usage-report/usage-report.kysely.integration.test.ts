import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { KyselyRegisteredApiRepository } from "../registered-api/registered-api-repository.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { settleUsageEvents } from "../usage-event/settle-statements.kysely.ts";
import { KyselyUsageEventRepository } from "../usage-event/usage-event-repository.kysely.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { describeUsageReports } from "./usage-report.contract.ts";
import { KyselyUsageReports } from "./usage-report.kysely.ts";

const test = useTestDatabase();

describeUsageReports("kysely", async () => {
  await test.empty();
  const database = test.database().kysely;
  return {
    events: new KyselyUsageEventRepository(test.database()),
    vaults: new KyselyVaultRepository(database),
    apis: new KyselyRegisteredApiRepository(database),
    journal: createKyselyJournal({ database, onResolved: settleUsageEvents }),
    reports: new KyselyUsageReports(database),
  };
});

describe("the usage list on Postgres", () => {
  it.each([
    ["nothing", "", "usage_events_newest"],
    ["a user", "and user_id = 'ada'", "usage_events_of_user"],
    ["an API", "and api_id = 'weather'", "usage_events_of_api"],
    ["what is pending", "and status = 'pending'", "usage_events_unsettled"],
  ])("walks an index in its order, without a sort, for %s", async (_what, filter, index) => {
    const { kysely } = test.database();
    await test.empty();
    await sql`
      insert into usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
        api_key_id, amount_usdc, status, created_at)
      select 'acme', n::text, gen_random_uuid(), '', 'user-' || n % 50, 'api-' || n % 50, 'e', 'k', 1,
        'confirmed', now() - n * interval '1 second'
      from generate_series(1, 20000) as n
    `.execute(kysely);
    await sql`analyze usage_events`.execute(kysely);
    const { rows } = await sql<{ "QUERY PLAN": string }>`
      explain select * from usage_events where tenant_id = 'acme' ${sql.raw(filter)}
        and (created_at, id) < (now(), '019a2b3c-0000-7000-8000-000000000000'::uuid)
      order by created_at desc, id desc limit 21
    `.execute(kysely);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toContain(`using ${index}`);
    expect(plan).not.toContain("Sort");
  });
});
