// What each `npm run <task>` does: steps that run one after the other under the project's Node,
// with node_modules/.bin first on the PATH. Arguments of the command line go to the last step.

const VITEST = ["node", "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.workspace.ts"];

/** Every static check; its own report has one line for each. */
const CHECK = { name: "static checks", command: ["node", "scripts/checks/check.ts"] };

/**
 * @typedef {{ name?: string, command: string[], env?: Record<string, string> }} Step
 * @typedef {{ about: string, steps: Step[], isReported?: boolean }} Task
 */

/** @type {Record<string, Task>} */
export const TASKS = {
  start: {
    about: "the whole stack on embedded defaults, with demo data",
    steps: [{ command: ["node", "packages/devstack/src/main.ts"] }],
  },
  dev: {
    about: "the same, services restarting when their source changes",
    steps: [{ command: ["node", "packages/devstack/src/main.ts", "--watch"] }],
  },
  test: {
    about: "static checks, then every test on real servers",
    isReported: true,
    steps: [CHECK, { name: "tests", command: VITEST }],
  },
  "test:unit": {
    about: "tests without I/O",
    isReported: true,
    steps: [
      {
        name: "unit tests",
        command: [...VITEST, "--exclude", "**/*.integration.test.ts", "--exclude", "**/e2e/**"],
        env: { ORRERY_TEST_SERVERS: "none" },
      },
    ],
  },
  "test:integration": {
    about: "tests on a real Postgres and a real Redis",
    isReported: true,
    steps: [{ name: "integration tests", command: [...VITEST, ".integration.test.ts"] }],
  },
  "test:e2e": {
    about: "tests of real processes over HTTP",
    isReported: true,
    steps: [{ name: "end-to-end tests", command: [...VITEST, "test/e2e/"] }],
  },
  "test:coverage": {
    about: "every test, with coverage and its floors",
    isReported: true,
    steps: [{ name: "tests", command: [...VITEST, "--coverage"] }],
  },
  sim: {
    about: "the submission engine in a deterministic simulation: seeds, faults, crashes",
    steps: [{ command: ["node", "packages/soroban/test/simulation/command/main.ts"] }],
  },
  chaos: {
    about:
      "the whole stack under load through every fault, and what it promised checked afterwards",
    steps: [{ command: ["node", "packages/devstack/test/chaos/main.ts"] }],
  },
  check: { about: "every static check", isReported: true, steps: [CHECK] },
  format: {
    about: "writes the house format",
    steps: [{ command: ["biome", "check", "--write", "."] }],
  },
  lint: { about: "oxlint, type-aware", steps: [{ command: ["node", "scripts/checks/lint.ts"] }] },
  typecheck: {
    about: "TypeScript, every project",
    steps: [{ command: ["node", "scripts/checks/typecheck.ts"] }],
  },
  generate: {
    about:
      "writes the generated files: .env.example, the README's table, docs/errors.md, docs/openapi.json, the client's types",
    steps: [{ command: ["node", "scripts/generate/generate.ts"] }],
  },
  build: {
    about: "dist/<service>: what the images run",
    steps: [{ command: ["node", "scripts/build.mjs"] }],
  },
  secrets: {
    about: "new secrets for a deployment: --compose FILE or --cluster DIR",
    steps: [{ command: ["node", "infra/src/new-secrets.ts"] }],
  },
  audit: {
    about: "known vulnerabilities of the dependencies, asked of the registry: [--strict]",
    steps: [{ command: ["node", "scripts/audit.ts"] }],
  },
  images: {
    about: "builds and starts what each image would hold, without a container engine: [target…]",
    steps: [{ command: ["node", "infra/src/image/try-images.ts"] }],
  },
  migrate: {
    about: "brings the database of DATABASE_URL up to date",
    steps: [{ command: ["node", "packages/cli/src/main.ts", "migrate"] }],
  },
  bench: {
    about: "the benchmarks, side by side: [name…] [--quick] [--check] [--json]",
    steps: [{ command: ["node", "bench/src/main.ts"] }],
  },
  orrery: {
    about: "the operator's command line",
    steps: [{ command: ["node", "packages/cli/src/main.ts"] }],
  },
};
