import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

async function run(args: string[], env: Record<string, string> = {}) {
  const printed = { out: "", err: "" };
  const exitCode = await runCli(args, env, {
    stdout: (text) => {
      printed.out += text;
    },
    stderr: (text) => {
      printed.err += text;
    },
  });
  return { exitCode, ...printed };
}

describe("orrery migrate", () => {
  let empty: TestDatabase;

  beforeAll(async () => {
    empty = await createTestDatabase({ isMigrated: false });
  });
  afterAll(() => empty.drop());

  it("applies every migration once and is done the second time", async () => {
    const env = { DATABASE_URL: empty.url };
    const first = await run(["migrate", "--json"], env);
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.out).applied).toContain("0001-foundation");
    const second = await run(["migrate"], env);
    expect(second).toEqual({ exitCode: 0, out: "the schema is up to date\n", err: "" });
  });

  it("says what to set when no database is named", async () => {
    const { exitCode, err } = await run(["migrate"]);
    expect(exitCode).toBe(1);
    expect(err).toContain("DATABASE_URL");
    expect(err).not.toContain("at ");
  });

  it("says that the database does not answer", async () => {
    const { exitCode, err } = await run(["migrate"], {
      DATABASE_URL: "postgres://x:secret-word@127.0.0.1:1/x",
    });
    expect(exitCode).toBe(1);
    expect(err).toContain("does not answer");
    expect(err).not.toContain("secret-word");
  });
});

describe("orrery", () => {
  it.each([[[]], [["fly"]], [["migrate", "now"]], [["migrate", "--fast"]]])(
    "shows its usage for %j",
    async (args) => {
      const { exitCode, err } = await run(args);
      expect(exitCode).toBe(2);
      expect(err).toContain("usage: orrery");
    },
  );

  it("explains itself when asked", async () => {
    expect(await run(["--help"])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining("migrate"),
    });
  });
});
