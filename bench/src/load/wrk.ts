import { fileURLToPath } from "node:url";
import { runCommand } from "@orrery/devstack/process/run-command";
import { contextHeader } from "../world/billing-call.ts";
import { calledBy, type LoadPlan, type LoadResult } from "./load-plan.ts";

const SCRIPT = fileURLToPath(new URL("wrk.lua", import.meta.url));
/** The signed context is valid for 30 s, and wrk keeps the one it began with. */
const MAX_MS = 25_000;
/** How long a paced plan that falls behind may send beyond its time, and its last answers may take. */
const LATE_MS = 2_000;
const LAST_ANSWERS_MS = 3_000;

/** Whether wrk is on the PATH; without arguments it shows its usage and ends with 1. */
export async function hasWrk(): Promise<boolean> {
  return (await runCommand("wrk", ["-v"])).code !== 127;
}

/**
 * Whether wrk can play this in the life of one signed context: a closed loop for a time, or so many
 * requests at an even rate.
 */
export function isForWrk(plan: LoadPlan): boolean {
  const milliseconds = durationMs(plan);
  return milliseconds !== undefined && milliseconds <= MAX_MS;
}

function durationMs({ ends, ratePerSecond }: LoadPlan): number | undefined {
  const isPaced = ratePerSecond !== undefined;
  if ("afterMs" in ends) return isPaced ? undefined : ends.afterMs;
  return isPaced ? sendingMs(ends.afterRequests, ratePerSecond) + LAST_ANSWERS_MS : undefined;
}

function sendingMs(requests: number, ratePerSecond: number): number {
  return (requests * 1_000) / ratePerSecond + LATE_MS;
}

/** Sends a plan that `isForWrk` with wrk: one thread, no pipelining. */
export async function sendWithWrk(plan: LoadPlan): Promise<LoadResult> {
  const { path, audience } = calledBy(plan);
  const requestCount = "afterRequests" in plan.ends ? plan.ends.afterRequests : 0;
  const { stdout, stderr } = await runCommand("wrk", [
    "--threads=1",
    `--connections=${plan.connections}`,
    `--duration=${Math.ceil((durationMs(plan) ?? 0) / 1_000)}s`,
    `--script=${SCRIPT}`,
    `${plan.url}${path}`,
    "--",
    plan.idPrefix,
    String(plan.distinctIds ?? 0),
    String(plan.users),
    contextHeader(plan.contextKeys, audience),
    plan.calls ?? "deductions",
    String(plan.hasKeys ?? false),
    String(plan.ratePerSecond ?? 0),
    String(requestCount),
    String(sendingMs(requestCount, plan.ratePerSecond ?? 1) / 1_000),
  ]);
  const line = /^result (\{.*\})$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk failed: ${stderr || stdout}`);
  const { requests, elapsedUs, refused, broken } = JSON.parse(line) as Record<string, number>;
  if (requests === undefined || elapsedUs === undefined) throw new Error(`wrk said: ${line}`);
  const pacedLine = /^paced (\{.*\})$/m.exec(stdout)?.[1];
  const paced =
    pacedLine === undefined
      ? undefined
      : (JSON.parse(pacedLine) as { sent: number; elapsedUs: number });
  if (paced !== undefined && paced.sent !== requests) {
    throw new Error(`${paced.sent} paced requests were sent, ${requests} answered`);
  }
  return {
    generator: "wrk",
    answered: requests - (refused ?? 0),
    failures: (refused ?? 0) + (broken ?? 0),
    elapsedMs: (paced?.elapsedUs ?? elapsedUs) / 1_000,
  };
}
