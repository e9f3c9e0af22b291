import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningChild, startChild } from "../../src/process/child-process.ts";
import { findFreePort } from "../../src/process/free-port.ts";
import { runCommand } from "../../src/process/run-command.ts";
import { waitUntil } from "../../src/process/wait-until.ts";
import { answersOk } from "../../src/stack/node-process.ts";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";

describe("npm run build", () => {
  const children: RunningChild[] = [];
  beforeAll(async () => {
    const { code, stderr } = await runCommand(process.execPath, ["scripts/build.mjs"], {
      cwd: PROJECT_ROOT,
    });
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => Promise.all(children.map((child) => child.stop("SIGKILL", 1_000))));

  it.each(["gateway", "billing", "catalog"])(
    "gives a %s that serves and stops cleanly, from its folder alone",
    async (name) => {
      const port = await findFreePort();
      let output = "";
      const child = await startChild({
        name,
        file: process.execPath,
        args: [join(PROJECT_ROOT, "dist", name, "main.js")],
        cwd: "/",
        env: {
          [`${name.toUpperCase()}_PORT`]: String(port),
          PERSISTENCE: "memory",
          CONTEXT_SIGNING_KEYS: `k1:${randomBytes(32).toString("base64")}`,
          MEDIA_URL_KEYS: `m1:${randomBytes(32).toString("base64")}`,
          EXPORT_URL_KEYS: `e1:${randomBytes(32).toString("base64")}`,
          SOROBAN_RPC_ENABLED: "false",
          BILLING_URL: "http://127.0.0.1:1",
          CATALOG_URL: "http://127.0.0.1:1",
          JWT_SECRET: randomBytes(32).toString("base64url"),
          ADMIN_TOKEN: randomBytes(32).toString("base64url"),
        },
        onOutput: (chunk) => {
          output += chunk.toString("utf8");
        },
      });
      children.push(child);
      await waitUntil(
        `the built ${name} answers`,
        () => {
          if (!child.isRunning()) throw new Error(output);
          return answersOk(`http://127.0.0.1:${port}/livez`).catch(() => false);
        },
        { timeoutMs: 20_000 },
      );
      // The gateway's document is a file beside it.
      const path = name === "gateway" ? "/openapi.json" : "/metrics";
      expect(await answersOk(`http://127.0.0.1:${port}${path}`)).toBe(true);
      expect(await child.stop("SIGTERM", 15_000)).toEqual({ code: 0, signal: null });
    },
  );

  it("gives a client that needs nothing beside it", async () => {
    const client = (await import(join(PROJECT_ROOT, "dist/client/orrery-client.js"))) as {
      readonly OrreryClient: new (options: object) => object;
    };
    expect(new client.OrreryClient({ baseUrl: "https://api.example.com" })).toHaveProperty(
      "deduct",
    );
  });

  it("gives a command line that shows its usage", async () => {
    const cli = join(PROJECT_ROOT, "dist/cli/main.js");
    const { stdout, stderr } = await runCommand(process.execPath, [cli, "--help"], { cwd: "/" });
    expect(stdout + stderr).toContain("migrate");
  });
});
