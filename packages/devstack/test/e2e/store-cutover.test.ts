import { execFile } from "node:child_process";
import { runCli } from "@orrery/cli/run-cli";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readPrivateJson } from "../../src/data-dir/private-file.ts";
import type { Secrets } from "../../src/data-dir/secrets.ts";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";
import { readTestServersConfig } from "../../src/testing/config.ts";
import { StreamLoad } from "./stream-load.ts";
import { startTestStack, type TestStack } from "./test-stack.ts";

vi.setConfig({ testTimeout: 240_000 });

/** Between two steps: each of the load's workers has come to every kind of call. */
const CALLS = 10;
const AGAIN = { timeout: 60_000, interval: 100 };

/** The steps of docs/store-cutover.md, on a stack whose billing begins in memory. */
describe("a store is moved while it serves", () => {
  let stack: TestStack;
  let load: StreamLoad;
  beforeAll(async () => {
    stack = await startTestStack({ STORE_MODE: "memory" });
    load = new StreamLoad(stack.demo());
  });
  afterAll(async () => {
    await load?.stop();
    await stack?.stop();
  });

  const environment = () => {
    const { internalToken } = readPrivateJson(stack.stack.dataDir.secretsFile) as Secrets;
    return { BILLING_URL: stack.demo().billingUrl, INTERNAL_TOKENS: internalToken };
  };
  /** `orrery store …`, but for the process that it would be. */
  const orrery = async (...args: string[]) => {
    let output = "";
    const print = (text: string) => {
      output += text;
    };
    const exitCode = await runCli(["store", ...args], environment(), {
      stdout: print,
      stderr: print,
    });
    return { exitCode, output };
  };
  /** The same as an operator runs it. */
  const orreryProcess = (...args: string[]) =>
    new Promise<string>((resolve, reject) => {
      execFile(
        process.execPath,
        ["packages/cli/src/main.ts", "store", ...args],
        {
          cwd: PROJECT_ROOT,
          env: { PATH: readTestServersConfig().searchPath, ...environment() },
        },
        (error, stdout) => (error instanceof Error ? reject(error) : resolve(stdout)),
      );
    });
  const mustRun = async (...args: string[]) => {
    const { exitCode, output } = await orrery(...args);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    return output;
  };
  const switchAll = (mode: string, reads: string) =>
    mustRun("switch", "all", "--mode", mode, "--reads", reads);
  /** The load has made so many more calls. */
  const underLoad = async (calls: number) => {
    const before = load.calls;
    await expect.poll(() => load.calls - before, AGAIN).toBeGreaterThan(calls);
  };
  const countStored = async () => {
    const client = new pg.Client({ connectionString: stack.demo().databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ count: number }>(
        "select count(*)::int as count from streams",
      );
      return rows[0]?.count ?? 0;
    } finally {
      await client.end();
    }
  };
  const countMismatches = async () => {
    const metrics = await (await fetch(`${stack.demo().billingUrl}/metrics`)).text();
    return [...metrics.matchAll(/^store_parity_mismatches_total\{.*\} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
  };
  const exportStreams = async () => {
    const asked = await load.call("POST", "/exports", { kind: "streams", format: "ndjson" });
    expect(asked.status).toBe(201);
    const { id } = JSON.parse(asked.text) as { id: string };
    const read = async () => JSON.parse((await load.call("GET", `/exports/${id}`)).text);
    await expect.poll(async () => (await read()).status, AGAIN).toBe("ready");
    return (await read()).rows as number;
  };
  const verifyAll = async () => {
    const output = await mustRun("verify", "all");
    expect(output.match(/: verified$/gm)).toHaveLength(3);
    expect(output).not.toMatch(/differ/i);
  };

  it("begins in memory, and refuses steps that would lose something", async () => {
    expect(await orreryProcess("status")).toMatch(/^stream +memory +reads memory/m);
    load.start();
    await underLoad(CALLS);
    expect(await countStored()).toBe(0);
    expect(await exportStreams()).toBeGreaterThan(0);
    const jump = await orrery("switch", "stream", "--mode", "postgres", "--reads", "postgres");
    expect(jump).toMatchObject({ exitCode: 1 });
    expect(jump.output).toContain("invalid_store_switch");
    await switchAll("dual", "memory");
    const blind = await orrery("switch", "stream", "--mode", "dual", "--reads", "postgres");
    expect(blind).toMatchObject({ exitCode: 1 });
    expect(blind.output).toContain("store_not_verified");
  });

  it("goes to Postgres", async () => {
    await mustRun("backfill", "all");
    await underLoad(CALLS);
    await verifyAll();
    await switchAll("dual", "postgres");
    await underLoad(CALLS);
    expect(await exportStreams()).toBeGreaterThan(0);
    await switchAll("postgres", "postgres");
    await underLoad(CALLS);
    expect(load.failures).toEqual([]);
    expect(await countMismatches()).toEqual([0, 0, 0]);
  });

  it("goes back to memory, with all that was written meanwhile", async () => {
    await switchAll("dual", "postgres");
    await mustRun("backfill", "all");
    await verifyAll();
    await switchAll("dual", "memory");
    await underLoad(CALLS);
    await switchAll("memory", "memory");
    const stored = await countStored();
    await underLoad(CALLS);
    expect(await countStored()).toBe(stored);
    expect(load.failures).toEqual([]);
    expect(await countMismatches()).toEqual([0, 0, 0]);
  });

  it("loses nothing when the process is killed in dual mode", async () => {
    await switchAll("dual", "memory");
    await mustRun("backfill", "all");
    await verifyAll();
    await load.stop();
    expect(await countMismatches()).toEqual([0, 0, 0]);
    process.kill(stack.demo().processes.billing ?? 0, "SIGKILL");
    await expect
      .poll(() => stack.lines, AGAIN)
      .toContainEqual(expect.stringMatching(/^billing is back/));
    expect(await mustRun("status")).toMatch(/^stream +dual +reads memory/m);
    await load.checkAll();
    await verifyAll();
    load.start();
    await underLoad(CALLS);
    await switchAll("dual", "postgres");
    await switchAll("postgres", "postgres");
    await underLoad(CALLS);
    await load.stop();
    await load.checkAll();
    expect(load.failures).toEqual([]);
    expect(await countStored()).toBe(load.streams.length);
    expect(await countMismatches()).toEqual([0, 0, 0]);
  });
});
