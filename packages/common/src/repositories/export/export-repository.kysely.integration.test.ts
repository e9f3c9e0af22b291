import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withTenant } from "../database.ts";
import { describeExportRepository } from "./export-repository.contract.ts";
import { KyselyExportRepository } from "./export-repository.kysely.ts";

const test = useTestDatabase();

describeExportRepository("kysely", async (clock) => {
  await test.empty();
  return new KyselyExportRepository(test.login("billing").kysely, clock);
});

const newJob = () => ({
  id: uuidv7(),
  owner: "key:1",
  kind: "usage" as const,
  format: "csv" as const,
  createdAt: new Date(),
  expiresAt: new Date(Date.now() + 60_000),
});

describe("exports on Postgres", () => {
  it("are leased once each, however many instances ask at once", async () => {
    await test.empty();
    const exports = new KyselyExportRepository(test.login("billing").kysely);
    const created = await Promise.all([1, 2, 3, 4].map(() => exports.create("acme", newJob(), 10)));
    const request = { owner: "any", leaseMs: 60_000, maxAttempts: 3 };
    const leased = await Promise.all(Array.from({ length: 8 }, () => exports.lease(request)));
    const ids = leased.flatMap((lease) => (lease === undefined ? [] : [lease.job.id]));
    // Who comes while others hold all that is due gets nothing, and asks again.
    for (let more = await exports.lease(request); more; more = await exports.lease(request)) {
      ids.push(more.job.id);
    }
    expect(ids.toSorted()).toEqual(created.map(({ id }) => id).toSorted());
  });

  it("stay within the tenant's bound, however many are created at once", async () => {
    await test.empty();
    const exports = new KyselyExportRepository(test.login("billing").kysely);
    const created = await Promise.allSettled(
      Array.from({ length: 8 }, () => exports.create("acme", newJob(), 3)),
    );
    expect(created.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  });

  it("have an audit that nobody can change, and that tells once what happens once", async () => {
    await test.empty();
    const exports = new KyselyExportRepository(test.login("billing").kysely);
    const { id } = await exports.create("acme", newJob(), 3);
    const owner = test.database().kysely;
    for (const change of ["update export_audit set actor = 'me'", "delete from export_audit"]) {
      await expect(sql.raw(change).execute(owner)).rejects.toThrow("append-only");
    }
    const again = sql`
      insert into export_audit (tenant_id, export_id, id, event, actor, details, recorded_at)
      values ('acme', ${id}, ${uuidv7()}, 'export.requested', 'key:1', '{}', now())
    `.execute(owner);
    await expect(again).rejects.toMatchObject({ constraint: "export_audit_once" });
  });

  it("are shown by row-level security to their tenant alone", async () => {
    await test.empty();
    const { kysely } = test.login("billing");
    const exports = new KyselyExportRepository(kysely);
    await exports.create("acme", newJob(), 3);
    const seen = await withTenant(kysely, "globex", async (transaction) => [
      ...(await transaction.selectFrom("export_jobs").selectAll().execute()),
      ...(await transaction.selectFrom("export_audit").selectAll().execute()),
    ]);
    expect(seen).toEqual([]);
  });
});
