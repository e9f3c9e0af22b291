import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One project per service and package, so that `--project billing` runs one of them. */
const folders = ["packages", "services"].flatMap((group) =>
  readdirSync(fromRoot(group)).map((name) => `${group}/${name}`),
);
const projects = [...folders, "bench", "infra"]
  .filter((folder) => existsSync(fromRoot(`${folder}/package.json`)))
  .map((folder) => ({
    extends: true as const,
    root: fromRoot(folder),
    test: { name: basename(folder), include: ["src/**/*.test.ts", "test/**/*.test.ts"] },
  }));

/** What waits for processes and ledgers begins first, so that nothing long is left for the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG_FILES.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const LONG_FILES = /[/](e2e|crash|simulation)[/]/;

const FULLY = { lines: 100, functions: 100, statements: 100, branches: 100 };
const NEARLY = { lines: 95, functions: 95, statements: 95 };
const NEARLY_EVERY_WAY = { ...NEARLY, branches: 95 };

export default defineConfig({
  test: {
    projects,
    globalSetup: [fromRoot("packages/devstack/src/testing/global-setup.ts")],
    setupFiles: [fromRoot("packages/devstack/src/testing/leaked-handles.ts")],
    reporters: ["default", fromRoot("packages/devstack/src/testing/count-reporter.ts")],
    // Much of a run is waiting for processes and ledgers: more files at a time than there are cores.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Modules hold nothing that a test changes, and loading them anew for each file was a third of a run.
    isolate: false,
    // Far more than a test takes: what is slow on the busiest machine is not wrong.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A wait ends with its condition; the bound is for what never comes.
    expect: { poll: { timeout: 20_000, interval: 10 } },
    teardownTimeout: 20_000,
    passWithNoTests: false,
    allowOnly: false,
    coverage: {
      provider: "v8",
      include: ["**/src/**/*.ts"],
      // Entries run in processes of their own, which the end-to-end tests start.
      exclude: [
        "**/*.test.ts",
        "**/*.contract.ts",
        "**/contract/*.ts",
        "**/testing/**",
        "**/main.ts",
      ],
      reporter: ["text-summary", "html"],
      thresholds: {
        "packages/common/src/http/health*.ts": FULLY,
        "services/billing/src/**": NEARLY,
        "packages/soroban/src/**": NEARLY_EVERY_WAY,
      },
    },
  },
});
