import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "../testing/contract-database.ts";
import { openDatabase, withTenant } from "./database.ts";
import { assertRestrictedLogin } from "./database-login.ts";
import { SERVICE_LOGINS } from "./database-roles.ts";

const test = useTestDatabase();
const services = Object.keys(SERVICE_LOGINS) as (keyof typeof SERVICE_LOGINS)[];

describe("assertRestrictedLogin", () => {
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  beforeEach(() => void warnings.splice(0));

  it.each(services)("accepts %s's own login, in production too", async (service) => {
    await assertRestrictedLogin(test.login(service), { isProduction: true, warn });
    expect(warnings).toEqual([]);
  });

  it("refuses a superuser in production and warns elsewhere", async () => {
    const asked = assertRestrictedLogin(test.database(), { isProduction: true, warn });
    await expect(asked).rejects.toThrow(/is a superuser.*docs\/database-logins\.md/);
    await assertRestrictedLogin(test.database(), { isProduction: false, warn });
    expect(warnings).toEqual([expect.stringContaining("is a superuser")]);
  });

  it("sees who owns a table, and who may bypass, through a role of theirs too", async () => {
    const name = `login_${process.pid}`;
    const { kysely } = test.database();
    const run = (text: string) => sql.raw(text).execute(kysely);
    const url = new URL(test.loginUrl("gateway"));
    url.username = name;
    await run(`create role ${name} login password '${decodeURIComponent(url.password)}'`);
    await run(`create role ${name}_group nologin bypassrls`);
    const database = openDatabase({ url: url.href, poolSize: 1, applicationName: "test" });
    const refusal = () => assertRestrictedLogin(database, { isProduction: true, warn });
    try {
      await refusal();
      await run(`grant ${name}_group to ${name} with inherit false`);
      await expect(refusal()).rejects.toThrow("may bypass row-level security");
      await run(`revoke ${name}_group from ${name}`);
      await run(`alter table tenants owner to ${name}`);
      await expect(refusal()).rejects.toThrow("owns the tables");
    } finally {
      await database.close();
      await run("alter table tenants owner to current_user");
      await run(`drop role ${name}, ${name}_group`);
    }
  });
});

describe("a service's login", () => {
  it.each(services)("%s may do nothing outside of its roles", async (service) => {
    const { kysely } = test.login(service);
    for (const table of ["tenants", "api_keys", "usage_events", "tokens"] as const) {
      const reading = kysely.selectFrom(table).selectAll().execute();
      await expect(reading).rejects.toMatchObject({ code: "42501" });
    }
    await expect(sql`create table mine (id integer)`.execute(kysely)).rejects.toMatchObject({
      code: "42501",
    });
  });

  it("cannot become a role of another service, nor the owner", async () => {
    const { kysely } = test.login("gateway");
    const request = withTenant(kysely, "acme", (transaction) => sql`select 1`.execute(transaction));
    await expect(request).rejects.toMatchObject({ code: "42501" });
    await expect(sql`set role postgres`.execute(kysely)).rejects.toMatchObject({ code: "42501" });
  });

  it("is told which role it lacks when its connections should hold one", async () => {
    const { kysely } = test.login("gateway", { role: "orrery_submitter" });
    await expect(sql`select 1`.execute(kysely)).rejects.toThrow(
      "the database user cannot become orrery_submitter",
    );
  });
});
