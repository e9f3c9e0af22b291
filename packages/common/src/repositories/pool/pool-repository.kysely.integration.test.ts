import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describePoolRepository } from "./pool-repository.contract.ts";
import { KyselyPoolRepository } from "./pool-repository.kysely.ts";

const test = useTestDatabase();

describePoolRepository("Postgres", () => makeKyselyAdapters(test));

describe("a recount in Postgres", () => {
  it("tells of counters that are not the sum of their pools, and of those without any", async () => {
    await test.empty();
    const { kysely } = test.database();
    const pools = new KyselyPoolRepository(kysely);
    await sql`
      insert into pools (tenant_id, pool_id, name, category, token, end_time, staked_stroops,
                         prediction_count, created_at)
      values ('acme', 'p', 'Final', 'sports', 'USDC', now(), 12, 3, now())
    `.execute(kysely);
    await sql`
      insert into pool_counters (category, status, slot, staked_stroops, prediction_count, pool_count)
      values ('sports', 'active', 1, 10, 2, 1), ('sports', 'active', 2, 1, 1, 0),
             ('politics', 'closed', 1, 0, 0, 4)
    `.execute(kysely);
    expect(await pools.recount()).toEqual([
      {
        category: "politics",
        status: "closed",
        kept: { stakedStroops: 0n, predictionCount: 0, poolCount: 4 },
        counted: { stakedStroops: 0n, predictionCount: 0, poolCount: 0 },
      },
      {
        category: "sports",
        status: "active",
        kept: { stakedStroops: 11n, predictionCount: 3, poolCount: 1 },
        counted: { stakedStroops: 12n, predictionCount: 3, poolCount: 1 },
      },
    ]);
  });

  it("leaves a recount that is under way alone", async () => {
    const { kysely } = test.database();
    await kysely.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(7340003)`.execute(transaction);
      expect(await new KyselyPoolRepository(kysely).recount()).toBeUndefined();
    });
  });
});
