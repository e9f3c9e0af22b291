import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Database } from "@orrery/common/repositories/database";
import type { LoginService } from "@orrery/common/repositories/database-roles";
import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BILLING_SUITES } from "./billing-suites.ts";
import { CATALOG_SUITES } from "./catalog-suites.ts";
import { EXPORT_SUITES } from "./export-suites.ts";
import { GATEWAY_SUITES } from "./gateway-suites.ts";
import { IDEMPOTENCY_SUITE } from "./idempotency-suite.ts";
import { INDEXER_SUITES } from "./indexer-suites.ts";
import type { AdapterSuite, RunnableCase } from "./isolation-case.ts";
import { JOURNAL_SUITE } from "./journal-suite.ts";
import { MOVER_SUITES } from "./mover-suites.ts";
import { observe, REFUSED } from "./observed.ts";
import { PLATFORM_SUITES } from "./platform-suites.ts";
import { forAnotherTenant, type Rewrite, removeTenantFilter, withoutRole } from "./rewrites.ts";
import { openRewritingDatabase, type RewritingDatabase } from "./rewriting-database.ts";
import { seedVictim, VICTIM } from "./seed.ts";
import { Snapshot } from "./snapshot.ts";
import { StoredFunctions } from "./stored-functions.ts";

const SUITES: readonly AdapterSuite[] = [
  ...GATEWAY_SUITES,
  ...CATALOG_SUITES,
  ...BILLING_SUITES,
  ...EXPORT_SUITES,
  IDEMPOTENCY_SUITE,
  JOURNAL_SUITE,
  ...PLATFORM_SUITES,
  ...MOVER_SUITES,
  ...INDEXER_SUITES,
];

interface Method {
  readonly name: string;
  readonly suite: AdapterSuite;
  readonly method: RunnableCase;
}

const METHODS: readonly Method[] = SUITES.flatMap((suite) =>
  [...suite.cases].map(([name, method]) => ({ name: `${suite.name}.${name}`, suite, method })),
);
const TENANT_METHODS = METHODS.filter(({ method }) => method.acrossTenants === undefined);
const PLATFORM_METHODS = METHODS.filter(({ method }) => method.acrossTenants !== undefined);

const test = useTestDatabase();
const databases = new Map<string, RewritingDatabase>();
let snapshot: Snapshot;
let functions: StoredFunctions;
let victimRows: string;

beforeAll(async () => {
  await seedVictim(test.database());
  snapshot = await Snapshot.take(test.database());
  functions = await StoredFunctions.read(test.database());
  victimRows = await snapshot.readRowsOf(VICTIM);
});
afterAll(async () => {
  for (const database of databases.values()) await database.close();
});

function open(url: string, role: string | undefined, rewrite: Rewrite): Database {
  const key = `${url} ${role}`;
  const database = databases.get(key) ?? openRewritingDatabase(url, role);
  databases.set(key, database);
  database.rewrite = rewrite;
  return database;
}

/** What the method gives one tenant, called as its service calls it. */
function callAs(
  { suite, method }: Method,
  tenantId: string,
  rewrite: Rewrite = (text) => text,
  service: LoginService = suite.service,
): Promise<string> {
  const database = open(test.loginUrl(service), suite.role, rewrite);
  return observe(() => method.call(database, tenantId), tenantId);
}

/** Whether the victim's rows are as they were; then as they were, in any case. */
async function isUntouched(): Promise<boolean> {
  if ((await snapshot.readRowsOf(VICTIM)) === victimRows) return true;
  await snapshot.restore();
  return false;
}

let outsiders = 0;
const newOutsider = () => {
  outsiders += 1;
  return `outsider-${outsiders}`;
};

/** What a tenant without any rows gets. */
const nothing = new Map<string, string>();

describe("a method as it is", () => {
  it.each(TENANT_METHODS)("$name knows a tenant's rows from another's", async (one) => {
    const own = await callAs(one, VICTIM);
    const isChanged = !(await isUntouched());
    const others = await callAs(one, newOutsider());
    nothing.set(one.name, others);
    expect(await isUntouched()).toBe(true);
    expect({ own, isChanged }).not.toEqual({ own: others, isChanged: false });
    expect(own).not.toBe(REFUSED);
  });
});

describe("a method whose tenant filter is removed", () => {
  beforeAll(() => functions.rewrite(removeTenantFilter));
  afterAll(() => functions.restore());

  it.each(TENANT_METHODS)("$name gives nothing of another tenant", async (one) => {
    expect(await callAs(one, newOutsider(), removeTenantFilter)).toBe(nothing.get(one.name));
    expect(await isUntouched()).toBe(true);
  });
});

describe("a method in a transaction of another tenant", () => {
  beforeAll(() => functions.rewrite(forAnotherTenant));
  afterAll(() => functions.restore());

  it.each(TENANT_METHODS)("$name gives nothing, or is refused", async (one) => {
    expect([REFUSED, nothing.get(one.name)]).toContain(await callAs(one, VICTIM, forAnotherTenant));
    expect(await isUntouched()).toBe(true);
  });
});

/** The proof that the tests above would see a leak. */
describe("a method with neither its filter nor row-level security", () => {
  const unprotected: Rewrite = (text) => withoutRole(removeTenantFilter(text));
  beforeAll(() => functions.rewrite(unprotected));
  afterAll(() => functions.restore());

  it.each(TENANT_METHODS)("$name leaks, but where it is said why not", async (one) => {
    const database = open(test.url(), undefined, unprotected);
    const outsider = newOutsider();
    const given = await observe(() => one.method.call(database, outsider), outsider);
    // In any case: what this one changed must not be laid to the next.
    const isChanged = !(await isUntouched());
    const leaks = isChanged || given !== nothing.get(one.name);
    expect(leaks ? "leaks" : one.method.harmless).toBe(one.method.harmless ?? "leaks");
  });
});

describe("a method that works across tenants", () => {
  const others = { gateway: "catalog", catalog: "gateway", billing: "catalog" } as const;

  it.each(PLATFORM_METHODS)("$name is for the roles of its service alone", async (one) => {
    const { doneBy } = one.method;
    const own = await callAs(one, VICTIM);
    expect(own === REFUSED).toBe(doneBy !== undefined);
    await snapshot.restore();
    if (one.method.isShared === true) return;
    expect(await callAs(one, VICTIM, undefined, others[one.suite.service])).toBe(REFUSED);
    expect(await isUntouched()).toBe(true);
  });
});

describe("the cases", () => {
  it.each(SUITES)("are every method of $name", (suite) => {
    expect([...suite.cases.keys()].toSorted()).toEqual(suite.methods(test.database()).toSorted());
  });

  it("are of every adapter", async () => {
    const folder = fileURLToPath(new URL("../../src/repositories/", import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".kysely.ts"))
      .map((file) => import(`${folder}${file}`) as Promise<object>);
    const exported = (await Promise.all(files)).flatMap((module) => Object.keys(module));
    const adapters = exported
      .filter((name) => /^Kysely|^createKyselyJournal$/.test(name))
      // What an adapter gives out, and its case goes through.
      .filter((name) => name !== "KyselyIdempotencyEffect");
    expect(SUITES.map(({ name }) => name).toSorted()).toEqual(adapters.toSorted());
  });
});
