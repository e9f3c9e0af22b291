import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPrivateJson } from "../../src/data-dir/private-file.ts";
import { consumerOf, startTestStack, type TestStack } from "./test-stack.ts";

const AGAIN = { timeout: 60_000, interval: 50 };

/** A release: each instance is told to end, and another takes its place, while consumers call. */
describe("two instances of a service, replaced one by one under load", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack({}, { hasTwins: true });
  });
  afterAll(() => stack?.stop());

  const failures: string[] = [];
  let calls = 0;
  const stopping = new AbortController();

  /** Nothing is tried again here: what the gateway does not make good is a failure. */
  async function call(method: string, path: string, body?: object): Promise<void> {
    const { gatewayUrl, tenants } = stack.demo();
    const response = await fetch(`${gatewayUrl}/api/v1${path}`, {
      method,
      headers: {
        "x-api-key": tenants[0]?.apiKey ?? "",
        prefer: "wait=1",
        ...(body === undefined
          ? {}
          : {
              "content-type": "application/json",
              "idempotency-key": randomBytes(8).toString("hex"),
            }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    calls += 1;
    const text = await response.text();
    if (!response.ok) failures.push(`${method} ${path}: ${response.status} ${text}`);
  }

  async function work(worker: number, deduction: (requestId: string) => object): Promise<number> {
    let charges = 0;
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      charges += 1;
      await call("POST", "/billing/deduct", deduction(`rolling-${worker}-${turn}`));
      await call("GET", "/billing/usage?limit=5");
      await call("POST", "/tokens/ROLLING/burns", {
        txHash: randomBytes(32).toString("hex"),
        from: "holder",
        burnedBy: "holder",
        amount: "1",
      });
      await call("GET", "/leaderboard/most-burned?scope=tenant");
    }
    return charges;
  }

  /** Whether the gateway holds every instance for one that it may send to. */
  async function areAllTaken(): Promise<boolean> {
    const metrics = await (await fetch(`${stack.demo().gatewayUrl}/metrics`)).text();
    const breakers = [...metrics.matchAll(/^gateway_upstream_breaker\{.*\} (\d)$/gm)];
    return breakers.length === 4 && breakers.every(([, state]) => state === "0");
  }

  const pidOf = (name: string) => {
    const { children } = readPrivateJson(stack.stack.dataDir.processesFile) as {
      children: { name: string; pid: number }[];
    };
    return children.find((child) => child.name === name)?.pid ?? 0;
  };

  it("fails no call, and charges each once", async () => {
    const acme = consumerOf(stack.demo());
    await call("POST", "/tokens", {
      address: "ROLLING",
      name: "Rolling",
      symbol: "ROLL",
      decimals: 0,
      totalSupply: "1000000",
    });
    const before = await acme.balanceStroops();
    const working = [0, 1, 2].map((worker) => work(worker, (id) => acme.deduction(id, "0.01")));
    for (const name of ["billing", "catalog", "billing-2", "catalog-2"]) {
      const callsBefore = calls;
      process.kill(pidOf(name), "SIGTERM");
      await expect
        .poll(() => stack.lines, AGAIN)
        .toContainEqual(expect.stringMatching(new RegExp(`^${name} is back`)));
      expect(stack.lines).toContain(`${name} ended (exit code 0); starting it again`);
      // The next one goes when this one has its share again, as a rollout waits for what is ready.
      await expect.poll(areAllTaken, AGAIN).toBe(true);
      await expect.poll(() => calls - callsBefore, AGAIN).toBeGreaterThan(20);
    }
    stopping.abort();
    const charges = (await Promise.all(working)).reduce((sum, count) => sum + count, 0);
    expect(failures).toEqual([]);
    await expect
      .poll(async () => before - (await acme.balanceStroops()), AGAIN)
      .toBe(BigInt(charges) * 100_000n);
  });
});
