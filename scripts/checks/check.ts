import { writeFileSync } from "node:fs";
import { runCommand } from "./command.ts";

/** The static checks, the slow ones first. Each is a command that can be run by itself. */
const checks: Readonly<Record<string, readonly string[]>> = {
  lint: ["scripts/checks/lint.ts"],
  "dead code": ["scripts/checks/dead-code.ts"],
  types: ["scripts/checks/typecheck.ts"],
  direction: ["scripts/checks/direction.ts"],
  format: [
    "node_modules/@biomejs/biome/bin/biome",
    "ci",
    "--colors=off",
    "--error-on-warnings",
    ".",
  ],
  tidy: ["scripts/checks/tidy.ts"],
  licences: ["scripts/checks/licences.ts"],
  alerts: ["scripts/checks/alerts.ts"],
  generated: ["scripts/generate/generate.ts", "--check"],
  "API reference": ["scripts/checks/api-reference.ts"],
};
const PARALLEL = 2;

const seconds = (sinceMs: number) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Runs one check and says how it went; gives what it printed when it failed. */
async function runCheck(name: string, args: readonly string[]): Promise<string | undefined> {
  const startedMs = performance.now();
  const { exitCode, output } = await runCommand([process.execPath, ...args]);
  console.log(`${exitCode === 0 ? "✓" : "✗"} ${name.padEnd(13)} ${seconds(startedMs)}`);
  return exitCode === 0 ? undefined : `\n✗ ${name}\n${output.trimEnd()}`;
}

const startedMs = performance.now();
const waiting = Object.entries(checks);
const failures: string[] = [];
const worker = async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const failure = await runCheck(...next);
    if (failure !== undefined) failures.push(failure);
  }
};
await Promise.all(Array.from({ length: PARALLEL }, worker));

for (const failure of failures) console.error(failure);
const count = Object.keys(checks).length;
const verdict = failures.length === 0 ? "passed" : `done, ${failures.length} failed`;
console.log(`\n${count} checks ${verdict} in ${seconds(startedMs)}`);
if (failures.length > 0) process.exitCode = 1;

// The task runner adds these to its last line, as it does with the tests.
const countsFile = process.env.ORRERY_TEST_COUNTS;
if (countsFile !== undefined) {
  const counts = { passed: count - failures.length, failed: failures.length, skipped: 0 };
  writeFileSync(countsFile, JSON.stringify(counts));
}
