import { parseArgs } from "node:util";
import { type ChaosReport, runChaos } from "./chaos-run.ts";

const USAGE = `usage: npm run chaos [-- --minutes N] [--seed S] [--json]
  --minutes  faults come again until so much time has gone (0: each comes once)
  --seed     decides their order (0)
  --json     the report as JSON, and nothing else on stdout`;
const MAX_SHOWN = 10;

function readArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "0" },
      seed: { type: "string", default: "0" },
      json: { type: "boolean", default: false },
    },
  });
  return {
    minutes: notNegative(values.minutes),
    seed: notNegative(values.seed),
    isJson: values.json,
  };
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new Error(`not a number: ${text}`);
  }
  return value;
}

function print(report: ChaosReport): void {
  const { seconds, calls, charges, burns, faults, invariants, before, after } = report;
  console.log(`\n${seconds} s: ${calls} calls, ${charges} charges, ${burns} burns\n`);
  console.log("| fault | times | longest, s | calls that met it |\n| --- | --- | --- | --- |");
  for (const { name, times, longestMs, troubledCalls } of faults) {
    console.log(`| ${name} | ${times} | ${(longestMs / 1_000).toFixed(1)} | ${troubledCalls} |`);
  }
  console.log("");
  for (const [name, { rssMib, handles }] of Object.entries(after)) {
    const was = before[name];
    console.log(`${name}: ${was?.rssMib} → ${rssMib} MiB, ${was?.handles} → ${handles} open files`);
  }
  console.log("");
  for (const { name, violations } of invariants) {
    console.log(`${violations.length === 0 ? "✓" : "✗"} ${name}`);
    for (const violation of violations.slice(0, MAX_SHOWN)) console.log(`    ${violation}`);
    if (violations.length > MAX_SHOWN) console.log(`    … ${violations.length - MAX_SHOWN} more`);
  }
}

async function main(): Promise<number> {
  const { minutes, seed, isJson } = readArguments(process.argv.slice(2));
  const say = isJson ? console.error : console.log;
  const report = await runChaos({ minutes, seed, say });
  if (isJson) console.log(JSON.stringify(report, null, 2));
  else print(report);
  return report.invariants.every(({ violations }) => violations.length === 0) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 2;
}
