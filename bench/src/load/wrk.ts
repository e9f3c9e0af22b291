import { fileURLToPath } from "node:url";
import { runCommand } from "@orrery/devstack/process/run-command";
import { contextHeader } from "../world/billing-call.ts";
import { DEDUCT_PATH, type LoadPlan, type LoadResult } from "./load-plan.ts";

const SCRIPT = fileURLToPath(new URL("wrk.lua", import.meta.url));
/** The signed context is valid for 30 s, and wrk keeps the one it began with. */
const MAX_MS = 25_000;

/** Whether wrk is on the PATH; without arguments it shows its usage and ends with 1. */
export async function hasWrk(): Promise<boolean> {
  return (await runCommand("wrk", ["-v"])).code !== 127;
}

/** Whether wrk can play this: a closed loop for a time, short enough for one signed context. */
export function isForWrk({ ends, ratePerSecond }: LoadPlan): boolean {
  return ratePerSecond === undefined && "afterMs" in ends && ends.afterMs <= MAX_MS;
}

/** Sends a plan that `isForWrk` with wrk: one thread, no pipelining. */
export async function sendWithWrk(plan: LoadPlan, afterMs: number): Promise<LoadResult> {
  const { stdout, stderr } = await runCommand("wrk", [
    "--threads=1",
    `--connections=${plan.connections}`,
    `--duration=${Math.ceil(afterMs / 1_000)}s`,
    `--script=${SCRIPT}`,
    `${plan.url}${DEDUCT_PATH}`,
    "--",
    plan.idPrefix,
    String(plan.distinctIds ?? 0),
    String(plan.users),
    contextHeader(plan.contextKeys),
  ]);
  const line = /^result (\{.*\})$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk failed: ${stderr || stdout}`);
  const { requests, elapsedUs, refused, broken } = JSON.parse(line) as Record<string, number>;
  if (requests === undefined || elapsedUs === undefined) throw new Error(`wrk said: ${line}`);
  return {
    generator: "wrk",
    answered: requests - (refused ?? 0),
    failures: (refused ?? 0) + (broken ?? 0),
    elapsedMs: elapsedUs / 1_000,
  };
}
