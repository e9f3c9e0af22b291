import { runCli } from "@orrery/cli/run-cli";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BillingInstances } from "./billing-instances.ts";

const INTERNAL_TOKENS = "internal-token-".repeat(3);
const REPOSITORIES = ["stream", "idempotency", "export"];

describe("orrery store", () => {
  const instances = new BillingInstances("store commands");
  let database: TestDatabase;
  let url: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const billing = await instances.start({
      DATABASE_URL: database.url,
      SOROBAN_RPC_ENABLED: "false",
      STORE_MODE: "memory",
      INTERNAL_TOKENS,
    });
    url = await billing.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await instances.stopAll();
    await database.drop();
  });

  async function run(args: readonly string[], env: Record<string, string> = {}) {
    const printed = { out: "", err: "" };
    const all = { BILLING_URL: url, INTERNAL_TOKENS, ...env };
    const exitCode = await runCli(["store", ...args], all, {
      stdout: (text) => void (printed.out += text),
      stderr: (text) => void (printed.err += text),
    });
    return { exitCode, ...printed };
  }
  const switchAll = (mode: string, reads: string) =>
    run(["switch", "all", "--mode", mode, "--reads", reads]);

  it("shows where everything is, for people and for programs", async () => {
    const { exitCode, out } = await run(["status"]);
    expect(exitCode).toBe(0);
    for (const name of REPOSITORIES) {
      expect(out).toMatch(new RegExp(`^${name} +memory +reads memory`, "m"));
    }
    const { repositories } = JSON.parse((await run(["status", "--json"])).out);
    expect(Object.keys(repositories).toSorted()).toEqual(REPOSITORIES.toSorted());
  });

  it("refuses a step that would lose something, and changes nothing", async () => {
    const jump = await switchAll("postgres", "postgres");
    expect(jump).toMatchObject({ exitCode: 1, out: "" });
    expect(jump.err).toContain("invalid_store_switch");
    expect((await run(["status"])).out).toMatch(/^stream +memory/m);
  });

  it("takes every repository to Postgres step by step, each only once it is verified", async () => {
    expect((await switchAll("dual", "memory")).exitCode).toBe(0);
    const blind = await switchAll("dual", "postgres");
    expect([blind.exitCode, blind.err]).toEqual([1, expect.stringContaining("store_not_verified")]);
    const filled = await run(["backfill", "all"]);
    expect([filled.exitCode, filled.out.match(/: \d+ records copied$/gm)?.length]).toEqual([0, 3]);
    const verified = await run(["verify", "all"]);
    expect([verified.exitCode, verified.out.match(/: verified$/gm)?.length]).toEqual([0, 3]);
    expect((await switchAll("dual", "postgres")).exitCode).toBe(0);
    const done = await switchAll("postgres", "postgres");
    expect([done.exitCode, done.out.match(/postgres +reads postgres/g)?.length]).toEqual([0, 3]);
  });

  it("exits 2 for what makes no sense", async () => {
    for (const args of [
      ["switch", "stream", "--mode", "disk", "--reads", "memory"],
      ["switch", "--mode", "dual", "--reads", "memory"],
      ["backfill", "vaults"],
      ["verify", "stream", "export"],
      ["status", "stream"],
    ]) {
      expect([args, (await run(args)).exitCode]).toEqual([args, 2]);
    }
  });

  it("says what is missing: the token, its knowledge, the service", async () => {
    const strange = await run(["status"], { INTERNAL_TOKENS: "another-token-".repeat(3) });
    expect([strange.exitCode, strange.err]).toEqual([
      1,
      expect.stringContaining("billing does not know this token"),
    ]);
    const silent = await run(["status"], { BILLING_URL: "http://127.0.0.1:1" });
    expect([silent.exitCode, silent.err]).toEqual([
      1,
      expect.stringContaining("billing does not answer"),
    ]);
    const none = await runCli(["store", "status"], {}, { stdout: () => {}, stderr: () => {} });
    expect(none).toBe(1);
  });
});
