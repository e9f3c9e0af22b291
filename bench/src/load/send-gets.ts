import { fileURLToPath } from "node:url";
import { runCommand } from "@orrery/devstack/process/run-command";
import type { GetPlan, GetResult } from "./get-plan.ts";
import { hasWrk } from "./wrk.ts";

const WRK_REPORT = fileURLToPath(new URL("get-report.lua", import.meta.url));
const AUTOCANNON = fileURLToPath(new URL("autocannon-get-main.ts", import.meta.url));

/**
 * Plays the plan from a separate process: with wrk when it is on the PATH, with autocannon else.
 * @throws {Error} when an answer is an error: a figure that holds refusals measures nothing
 */
export async function sendGets(plan: GetPlan): Promise<GetResult> {
  const result = (await hasWrk()) ? await withWrk(plan) : await withAutocannon(plan);
  if (result.failures > 0 || result.answered === 0) {
    throw new Error(
      `${result.generator} got ${result.answered} answers and ${result.failures} failures`,
    );
  }
  return result;
}

async function withWrk(plan: GetPlan): Promise<GetResult> {
  const { url, headers, connections, seconds, ratePerSecond = 0 } = plan;
  const { stdout, stderr } = await runCommand("wrk", [
    "--threads=1",
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    `--script=${WRK_REPORT}`,
    ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
    url,
    "--",
    String(ratePerSecond),
  ]);
  const line = /^result (\{.*\})$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk failed: ${stderr || stdout}`);
  const report = JSON.parse(line) as WrkReport;
  const { requests, elapsedUs, refused, broken, p99Us } = report;
  return {
    generator: "wrk",
    answered: requests - refused,
    failures: refused + broken,
    perSecond: (requests * 1e6) / elapsedUs,
    p99Ms: p99Us / 1_000,
  };
}

interface WrkReport {
  readonly requests: number;
  readonly elapsedUs: number;
  readonly refused: number;
  readonly broken: number;
  readonly p99Us: number;
}

async function withAutocannon(plan: GetPlan): Promise<GetResult> {
  const args = [AUTOCANNON, JSON.stringify(plan)];
  const { code, stdout, stderr } = await runCommand(process.execPath, args);
  if (code !== 0) throw new Error(`autocannon failed: ${stderr}`);
  return JSON.parse(stdout) as GetResult;
}
