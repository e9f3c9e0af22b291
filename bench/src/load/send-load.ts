import { fileURLToPath } from "node:url";
import { runCommand } from "@orrery/devstack/process/run-command";
import type { LoadPlan, LoadResult } from "./load-plan.ts";
import { hasWrk, isForWrk, sendWithWrk } from "./wrk.ts";

const AUTOCANNON = fileURLToPath(new URL("autocannon-main.ts", import.meta.url));

/**
 * Sends the plan from a separate process: with wrk when it is on the PATH and can play the plan,
 * with autocannon else, which needs about five times the processor.
 * @throws {Error} when an answer is not 2xx: a figure that holds refusals measures nothing
 */
export async function sendLoad(plan: LoadPlan): Promise<LoadResult> {
  const result =
    isForWrk(plan) && (await hasWrk()) ? await sendWithWrk(plan) : await sendWithAutocannon(plan);
  if (result.failures > 0 || result.answered === 0) {
    throw new Error(
      `${result.generator} got ${result.answered} answers and ${result.failures} failures`,
    );
  }
  return result;
}

async function sendWithAutocannon(plan: LoadPlan): Promise<LoadResult> {
  const { code, stdout, stderr } = await runCommand(process.execPath, [
    AUTOCANNON,
    JSON.stringify(plan),
  ]);
  if (code !== 0) throw new Error(`autocannon failed: ${stderr}`);
  return JSON.parse(stdout) as LoadResult;
}
