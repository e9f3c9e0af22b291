import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DevstackConfig } from "../../src/config.ts";
import { runStart } from "./started-process.ts";
import { asEnvironment, createDataDir, testStackConfig } from "./test-stack.ts";

const STACK_FRAME = /^\s+at /m;

describe("npm start that cannot start", () => {
  let dataDir: Awaited<ReturnType<typeof createDataDir>>;
  let config: DevstackConfig;

  beforeEach(async () => {
    dataDir = await createDataDir();
    config = await testStackConfig(dataDir.path);
  });
  afterEach(() => dataDir.remove());

  async function outputOfFailure(env: Record<string, string>): Promise<string> {
    const { child, output } = await runStart(env);
    expect((await child.exited).code).toBe(1);
    expect(output()).not.toMatch(STACK_FRAME);
    return output();
  }

  it("says which port is taken and which variable to change", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(config.BILLING_PORT, "127.0.0.1", resolve);
    });
    try {
      const output = await outputOfFailure(asEnvironment(config));
      expect(output).toContain(`port ${config.BILLING_PORT}`);
      expect(output).toContain("BILLING_PORT=");
    } finally {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    }
  });

  it("says that its data directory cannot be written and how to choose another", async () => {
    const inTheWay = `${dataDir.path}-file`;
    await writeFile(inTheWay, "");
    const env = asEnvironment({ ...config, ORRERY_DATA_DIR: join(inTheWay, "data") });
    const output = await outputOfFailure(env);
    expect(output).toContain("cannot be written");
    expect(output).toContain("ORRERY_DATA_DIR");
  });

  it("names every fault of its configuration at once", async () => {
    const output = await outputOfFailure({
      ...asEnvironment(config),
      GATEWAY_PORT: "many",
      LEDGER_CLOSE_MS: "-1",
    });
    expect(output).toContain("GATEWAY_PORT");
    expect(output).toContain("LEDGER_CLOSE_MS");
  });

  it("says that the database of DATABASE_URL does not answer", async () => {
    const output = await outputOfFailure({
      ...asEnvironment(config),
      DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none",
    });
    expect(output).toContain("the database could not be migrated");
    expect(output).toContain("DATABASE_URL");
    expect(output).not.toContain("secret");
  });

  it("says that the network of SOROBAN_RPC_URL does not answer", async () => {
    const env = { ...asEnvironment(config), SOROBAN_RPC_URL: "http://127.0.0.1:1" };
    expect(await outputOfFailure(env)).toContain("SOROBAN_RPC_URL does not answer");
  });
});
