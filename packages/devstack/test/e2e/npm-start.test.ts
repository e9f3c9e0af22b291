import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DevstackConfig } from "../../src/config.ts";
import { waitUntil } from "../../src/process/wait-until.ts";
import { findAlive, runStart, type StartedStack, startAndWait } from "./started-process.ts";
import { asEnvironment, consumerOf, createDataDir, testStackConfig } from "./test-stack.ts";

const STOP_GRACE_MS = 30_000;

describe("npm start", () => {
  let dataDir: Awaited<ReturnType<typeof createDataDir>>;
  let config: DevstackConfig;
  /** The one that runs now; a test that stops it starts the next on the same data. */
  let stack: StartedStack;

  beforeAll(async () => {
    dataDir = await createDataDir();
    config = await testStackConfig(dataDir.path);
    stack = await startAndWait(config);
  });

  afterAll(async () => {
    await stack?.child.stop("SIGTERM", STOP_GRACE_MS);
    await dataDir.remove();
  });

  it("writes demo.json for its owner alone and shows a call to copy", async () => {
    expect((await stat(join(dataDir.path, "demo.json"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir.path, "secrets.json"))).mode & 0o777).toBe(0o600);
    expect(stack.demo).toEqual({
      gatewayUrl: `http://127.0.0.1:${config.GATEWAY_PORT}`,
      billingUrl: `http://127.0.0.1:${config.BILLING_PORT}`,
      catalogUrl: `http://127.0.0.1:${config.CATALOG_PORT}`,
      ledgerUrl: `http://127.0.0.1:${config.LEDGER_PORT}`,
      networkPassphrase: config.NETWORK_PASSPHRASE,
      adminToken: expect.any(String),
      jwtSecret: expect.any(String),
      databaseUrl: expect.stringMatching(/^postgres:/),
      // Absent on a machine without a redis-server.
      redisUrl: stack.demo.redisUrl,
      tenants: expect.any(Array),
      processes: {
        gateway: expect.any(Number),
        billing: expect.any(Number),
        catalog: expect.any(Number),
        ledger: expect.any(Number),
      },
    });
    expect(stack.demo.tenants.map(({ users }) => users.length)).toEqual([3, 3]);
    expect(stack.output()).toContain(`X-API-Key: ${stack.demo.tenants[0]?.apiKey}`);
  });

  it("refuses a second start on the same data, and leaves the first alone", async () => {
    const { child, output } = await runStart(asEnvironment(config));
    expect((await child.exited).code).toBe(1);
    expect(output()).toContain("Orrery already runs on");
    expect((await consumerOf(stack.demo).deduct("undisturbed")).status).toBe(201);
  });

  it("goes on with the same data after Ctrl-C: the third call still answers 200", async () => {
    const { tenants } = stack.demo;
    const acme = consumerOf(stack.demo);
    const charged = await acme.deduct("kept-1");
    expect(charged.status).toBe(201);
    expect((await acme.deduct("kept-1")).status).toBe(200);
    const balance = await acme.balanceStroops();

    expect(await stack.child.stop("SIGINT", STOP_GRACE_MS)).toEqual({ code: 0, signal: null });
    expect(await findAlive(stack)).toEqual([]);

    stack = await startAndWait(config);
    expect(stack.demo.tenants).toEqual(tenants);
    const again = consumerOf(stack.demo);
    expect(await again.deduct("kept-1")).toEqual({
      status: 200,
      body: { ...(charged.body as object), alreadyProcessed: true },
    });
    expect(await again.balanceStroops()).toBe(balance);
  });

  it("leaves no process behind when it is killed, and goes on with the same data", async () => {
    expect((await consumerOf(stack.demo).deduct("before-kill")).status).toBe(201);
    const killed = stack;
    killed.child.kill("SIGKILL");
    await waitUntil("every process has ended", async () => (await findAlive(killed)).length === 0, {
      timeoutMs: STOP_GRACE_MS,
    });

    stack = await startAndWait(config);
    expect((await consumerOf(stack.demo).deduct("before-kill")).status).toBe(200);
  });

  it("stops what an earlier start left running before it starts", async () => {
    const killed = stack;
    const watchdog = killed.processes.find(({ name }) => name === "watchdog");
    process.kill(watchdog?.pid ?? 0, "SIGKILL");
    killed.child.kill("SIGKILL");
    await killed.child.exited;
    expect(await findAlive(killed)).toEqual(expect.arrayContaining(["billing", "postgres"]));

    stack = await startAndWait(config);
    expect(stack.output()).toContain("an earlier start was killed; stopped what it left");
    expect(await findAlive(killed)).toEqual([]);
    expect((await consumerOf(stack.demo).deduct("after-kill")).status).toBe(201);
  });
});
