import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { readCountsFile } from "./config.ts";

/** Writes how many tests passed, failed and were skipped for the task runner's last line. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const countsFile = readCountsFile();
    if (countsFile === undefined) return;
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      // A file that fails outside its tests (an import, a hook) is one failure.
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "failed" : state] += 1;
      }
    }
    writeFileSync(countsFile, JSON.stringify(counts));
  }
}
