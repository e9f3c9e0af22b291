import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const test = useTestDatabase();

async function run(...args: string[]) {
  const printed = { out: "", err: "" };
  const exitCode = await runCli(
    ["idempotency", "cleanup", ...args],
    { DATABASE_URL: test.url() },
    {
      stdout: (text) => void (printed.out += text),
      stderr: (text) => void (printed.err += text),
    },
  );
  return { exitCode, ...printed };
}

const tokens = async () => {
  const { rows } = await test
    .database()
    .pool.query<{ token: string }>("select token from idempotency_keys order by token");
  return rows.map(({ token }) => token);
};

describe("orrery idempotency cleanup", () => {
  beforeEach(async () => {
    await test.empty();
    await test.database().pool.query(
      `insert into idempotency_keys (tenant_id, token, fingerprint, epoch, claimed_at, expires_at)
       select tenant, token, '', 1, now(), now() + after from (values
         ('acme', 'old-1', interval '-1 hour'), ('globex', 'old-2', interval '-1 second'),
         ('acme', 'kept', interval '1 hour')) as given (tenant, token, after)`,
    );
  });

  it("counts what it would delete, and deletes nothing, on a dry run", async () => {
    expect(await run("--dry-run")).toEqual({ exitCode: 0, out: "2 would be deleted\n", err: "" });
    expect(await tokens()).toEqual(["kept", "old-1", "old-2"]);
  });

  it("deletes what has expired, whoever's it is, and nothing else", async () => {
    expect(await run()).toEqual({ exitCode: 0, out: "2 deleted\n", err: "2 deleted\n" });
    expect(await tokens()).toEqual(["kept"]);
    expect(JSON.parse((await run("--json")).out)).toEqual({
      isDryRun: false,
      keys: 0,
      isAtLeast: false,
    });
  });

  it.each([[["now"]], [["--all"]]])("exits 2 for %j and deletes nothing", async (args) => {
    expect((await run(...args)).exitCode).toBe(2);
    expect(await tokens()).toHaveLength(3);
  });
});
