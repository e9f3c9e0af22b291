import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStep } from "./step.mjs";

/** Exit codes of a run that was interrupted: nothing after it is worth starting. */
const INTERRUPTED = new Set([129, 130, 143]);

/**
 * Runs every step, whatever became of the one before, and ends with the plain line
 * `N passed, M failed`: each test is one, each step that counts nothing itself is one. The exit
 * code is 0 only when nothing failed.
 */
export async function runReported(context, steps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  for (const step of steps) {
    const startMs = performance.now();
    console.log(`\n── ${step.name}`);
    const { code, counts } = await runCounted(context, step);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    if (counts.failed > 0) failures.push(step.name);
    console.log(`── ${step.name}: ${code === 0 ? "ok" : "FAILED"} (${seconds(startMs)})`);
    if (INTERRUPTED.has(code)) return code;
  }
  if (failures.length > 0) console.log(`\nfailed: ${failures.join(", ")}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 ? 0 : 1;
}

async function runCounted(context, step) {
  const folder = mkdtempSync(join(tmpdir(), "orrery-run-"));
  const countsFile = join(folder, "counts.json");
  try {
    const env = { ...step.env, ORRERY_TEST_COUNTS: countsFile };
    const code = await runStep(context, { ...step, env });
    return { code, counts: readCounts(countsFile, code) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The counts that a test run wrote, with at least one failure when its exit code says so. */
function readCounts(countsFile, code) {
  let counts;
  try {
    counts = JSON.parse(readFileSync(countsFile, "utf8"));
  } catch {
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  }
  return code === 0 ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

function seconds(startMs) {
  return `${((performance.now() - startMs) / 1_000).toFixed(1)} s`;
}
