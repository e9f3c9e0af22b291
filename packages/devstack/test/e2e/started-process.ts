import { join } from "node:path";
import type { DevstackConfig } from "../../src/config.ts";
import { readPrivateJson } from "../../src/data-dir/private-file.ts";
import type { DemoFile } from "../../src/demo/demo-file.ts";
import { type RunningChild, startChild } from "../../src/process/child-process.ts";
import { identifyProcess } from "../../src/process/process-identity.ts";
import { waitUntil } from "../../src/process/wait-until.ts";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";
import { asEnvironment } from "./test-stack.ts";

const READY_TIMEOUT_MS = 90_000;

/** `npm start` as a process of its own, without npm around it. */
export interface StartedProcess {
  child: RunningChild;
  output: () => string;
}

/** One that is ready: what demo.json says, and every process it started. */
export interface StartedStack extends StartedProcess {
  demo: DemoFile;
  processes: { name: string; pid: number }[];
}

export async function runStart(env: Record<string, string>): Promise<StartedProcess> {
  let output = "";
  const child = await startChild({
    name: "npm start",
    file: process.execPath,
    args: ["packages/devstack/src/main.ts"],
    cwd: PROJECT_ROOT,
    env,
    onOutput: (chunk) => {
      output += chunk.toString("utf8");
    },
  });
  return { child, output: () => output };
}

/** @throws Error with the output when it ends instead of getting ready */
export async function startAndWait(config: DevstackConfig): Promise<StartedStack> {
  const { child, output } = await runStart(asEnvironment(config));
  await waitUntil(
    "npm start is ready",
    () => {
      if (!child.isRunning()) throw new Error(`npm start ended: ${output()}`);
      return output().includes("Orrery is ready");
    },
    { timeoutMs: READY_TIMEOUT_MS },
  );
  const dataDir = config.ORRERY_DATA_DIR;
  const demo = readPrivateJson(join(dataDir, "demo.json")) as DemoFile;
  const { children } = readPrivateJson(join(dataDir, "processes.json")) as {
    children: StartedStack["processes"];
  };
  return { child, output, demo, processes: children };
}

/** Those of its processes that run; one that has ended and was not waited for yet does not. */
export async function findAlive(stack: StartedStack): Promise<string[]> {
  const alive = await Promise.all(
    stack.processes.map(async ({ name, pid }) => ((await identifyProcess(pid)) ? [name] : [])),
  );
  return alive.flat();
}
