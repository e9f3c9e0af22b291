import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { type OrreryTransaction, withTenant } from "../database.ts";
import { withRole } from "../system-role.ts";
import { addBurn, addToken, type CatalogAdapters } from "./catalog-fixtures.contract.ts";
import { makeKyselyAdapters } from "./kysely-adapters.contract.ts";

const test = useTestDatabase();

const TENANT_TABLES = [
  "tokens",
  "token_search",
  "token_burns",
  "burn_windows",
  "burner_windows",
  "token_scores",
  "pools",
  "pool_events",
  "predictions",
  "outbox",
] as const;

describe("row-level security of the catalog", () => {
  let adapters: CatalogAdapters;
  beforeEach(async () => {
    adapters = await makeKyselyAdapters(test);
    for (const tenantId of ["acme", "rival"]) {
      await addToken(adapters, tenantId);
      await addToken(adapters, tenantId, { address: "hidden", listed: false });
      await addBurn(adapters, tenantId);
      await addBurn(adapters, tenantId, { tokenAddress: "hidden" });
    }
    await adapters.boards.advance();
  });

  const count = async (transaction: OrreryTransaction, table: string, where = sql`true`) => {
    const { rows } = await sql<{ count: string }>`
      select count(*) from ${sql.table(table)} where ${where}
    `.execute(transaction);
    return Number(rows[0]?.count);
  };

  it("shows a query that forgot its filter the tenant's own rows alone, in every table", async () => {
    const { kysely } = test.database();
    await withTenant(kysely, "acme", async (transaction) => {
      for (const table of TENANT_TABLES) {
        expect(await count(transaction, table, sql`tenant_id <> 'acme'`), table).toBe(0);
      }
      expect(await count(transaction, "tokens")).toBe(2);
      expect(await count(transaction, "token_scores")).toBe(8);
    });
  });

  it("refuses to write a row of another tenant", async () => {
    const { kysely } = test.database();
    const theft = withTenant(kysely, "acme", (transaction) =>
      sql`insert into pool_events (tenant_id, event_id, pool_id, type, fingerprint, recorded_at)
          values ('rival', 'e', 'p', 't', '', now())`.execute(transaction),
    );
    await expect(theft).rejects.toThrow("row-level security");
  });

  it("shows the public role listed tokens and nothing that is not public", async () => {
    const { kysely } = test.database();
    await withRole(kysely, "orrery_public", async (transaction) => {
      const { rows } = await sql<{ address: string }>`
        select address from tokens
      `.execute(transaction);
      expect(rows.map(({ address }) => address)).toEqual(["TOKEN", "TOKEN"]);
      expect(await count(transaction, "token_scores")).toBe(8);
    });
    for (const statement of [
      "select search_text from tokens",
      "select * from token_burns",
      "select burned_by from burn_windows",
      "select * from predictions",
      "select * from outbox",
      "update token_scores set amount = 0",
    ]) {
      const reading = withRole(kysely, "orrery_public", (transaction) =>
        sql.raw(statement).execute(transaction),
      );
      await expect(reading, statement).rejects.toThrow("permission denied");
    }
  });

  it("lets neither tenants nor the relay touch scores", async () => {
    const { kysely } = test.database();
    const statement = sql`update token_scores set amount = 0`;
    const byTenant = withTenant(kysely, "acme", (transaction) => statement.execute(transaction));
    await expect(byTenant).rejects.toThrow("permission denied");
    const byRelay = withRole(kysely, "orrery_relay", (transaction) =>
      statement.execute(transaction),
    );
    await expect(byRelay).rejects.toThrow("permission denied");
  });
});
