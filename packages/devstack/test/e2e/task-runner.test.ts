import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "../../src/process/run-command.ts";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";
import { readTestServersConfig } from "../../src/testing/config.ts";

const STACK_FRAME = /^\s+at /m;
/** Nothing listens there. */
const NO_REGISTRY = "http://127.0.0.1:1/";

describe("the task runner", () => {
  let clone: string;
  const { searchPath } = readTestServersConfig();

  beforeEach(async () => {
    clone = join(await mkdtemp(join(tmpdir(), "orrery clone-")), "a clone");
    for (const path of ["scripts", "package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
      await cp(join(PROJECT_ROOT, path), join(clone, path), { recursive: true });
    }
  });
  afterEach(() => rm(join(clone, ".."), { recursive: true, force: true }));

  async function run(args: readonly string[], env: Record<string, string> = {}, cwd = clone) {
    const { code, stdout, stderr } = await runCommand(process.execPath, args, {
      cwd,
      env: { PATH: searchPath, HOME: clone, ...env },
    });
    const output = stdout + stderr;
    expect(output).not.toMatch(STACK_FRAME);
    return { code, output };
  }

  it("says so when the Node that runs it is too old", async () => {
    const pretend = "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });";
    const script = `${pretend} await import("./scripts/run.mjs");`;
    const { code, output } = await run(["--input-type=module", "-e", script]);
    expect(code).toBe(1);
    expect(output).toContain("needs Node 20 or newer");
  });

  it("says so when the registry cannot be reached", async () => {
    const { code, output } = await run(["scripts/run.mjs", "test"], {
      npm_config_registry: NO_REGISTRY,
    });
    expect(code).toBe(1);
    expect(output).toContain("the npm registry cannot be reached");
  });

  it("says so when the project folder cannot be written", async () => {
    await writeFile(join(clone, "node_modules"), "");
    const { code, output } = await run(["scripts/run.mjs", "test"]);
    expect(code).toBe(1);
    expect(output).toContain("node_modules cannot be written");
  });

  it("lists the tasks when it does not know the one it is given", async () => {
    const { code, output } = await run(["scripts/run.mjs", "dance"], {}, PROJECT_ROOT);
    expect(code).toBe(1);
    expect(output).toContain('there is no task "dance"');
    expect(output).toMatch(/start +the whole stack/);
  });

  it("hands on the exit code of a step, and 128 + n when signal n ended it", async () => {
    const exitCodeOf = async (code: string) => {
      const step = JSON.stringify({ command: ["node", "-e", code] });
      const script = `
        const { runStep } = await import("./scripts/run/step.mjs");
        const context = { root: ".", env: {}, node: process.execPath };
        process.exitCode = await runStep(context, ${step});`;
      return (await run(["--input-type=module", "-e", script])).code;
    };
    expect(await exitCodeOf("process.exit(7)")).toBe(7);
    expect(await exitCodeOf("process.kill(process.pid, 'SIGTERM')")).toBe(143);
  });
});
