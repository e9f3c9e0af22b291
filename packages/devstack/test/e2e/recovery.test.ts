import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPrivateJson } from "../../src/data-dir/private-file.ts";
import type { DemoFile } from "../../src/demo/demo-file.ts";
import { consumerOf, startTestStack, type TestStack } from "./test-stack.ts";

const AGAIN = { timeout: 30_000, interval: 100 };

describe("a process that is killed", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack?.stop());

  it.each(["gateway", "billing", "catalog", "ledger"] as const)(
    "%s: is noticed, said and started again, and its work goes on",
    async (name) => {
      const before = stack.demo().processes[name] ?? 0;
      process.kill(before, "SIGKILL");
      await expect
        .poll(() => stack.lines, AGAIN)
        .toContainEqual(expect.stringMatching(new RegExp(`^${name} is back`)));
      expect(stack.lines).toContain(`${name} ended (SIGKILL); starting it again`);

      const after = stack.demo().processes[name];
      expect(after).not.toBe(before);
      const written = readPrivateJson(stack.stack.dataDir.demoFile) as DemoFile;
      expect(written.processes[name]).toBe(after);
      const acme = consumerOf(stack.demo());
      await expect
        .poll(async () => (await acme.deduct(`after-${name}`)).status, AGAIN)
        .toBeOneOf([200, 201]);
      expect((await acme.deduct(`after-${name}`)).status).toBe(200);
      expect((await acme.client.call("GET", "/tokens/search")).status).toBe(200);
    },
  );

  it("billing: on SIGTERM answers what it runs, exits 0, and the charge is made once", async () => {
    const acme = consumerOf(stack.demo());
    const before = await acme.balanceStroops();
    const answer = acme.deduct("during-sigterm");
    await expect
      .poll(async () => (await acme.client.call("GET", "/billing/request/during-sigterm")).status, {
        timeout: 10_000,
        interval: 5,
      })
      .toBe(200);
    process.kill(stack.demo().processes.billing ?? 0, "SIGTERM");

    expect((await answer).status).toBeOneOf([201, 202]);
    await expect
      .poll(() => stack.lines, AGAIN)
      .toContain("billing ended (exit code 0); starting it again");
    await expect.poll(async () => (await acme.deduct("during-sigterm")).status, AGAIN).toBe(200);
    expect(before - (await acme.balanceStroops())).toBe(500_000n);
  });

  it("postgres: is started again, and what was charged is still known", async () => {
    const acme = consumerOf(stack.demo());
    expect((await acme.deduct("before-postgres")).status).toBe(201);
    const processes = readPrivateJson(stack.stack.dataDir.processesFile) as {
      children: { name: string; pid: number }[];
    };
    const postgres = processes.children.find(({ name }) => name === "postgres");
    process.kill(postgres?.pid ?? 0, "SIGKILL");
    await expect
      .poll(() => stack.lines, AGAIN)
      .toContainEqual(expect.stringMatching(/^postgres is back/));
    await expect.poll(async () => (await acme.deduct("before-postgres")).status, AGAIN).toBe(200);
  });
});
