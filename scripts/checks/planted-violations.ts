/** A package's manifest as the workspace writes it. */
const manifest = (name: string) =>
  JSON.stringify({ name: `@orrery/${name}`, type: "module", exports: { "./*": "./src/*.ts" } });

/** The packages that the planted imports name. */
export const plantedPackages: Readonly<Record<string, string>> = {
  "packages/common/package.json": manifest("common"),
  "packages/soroban/package.json": manifest("soroban"),
  "packages/ledger-sim/package.json": manifest("ledger-sim"),
  "packages/devstack/package.json": manifest("devstack"),
  "services/billing/package.json": manifest("billing"),
  "services/catalog/package.json": manifest("catalog"),
  ...Object.fromEntries(
    ["fastify", "kysely", "pg"].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" })],
      [`node_modules/${name}/index.js`, "module.exports = {};\n"],
    ]),
  ),
  "packages/common/src/contracts/money.ts": "export const stroops = 1n;\n",
  "packages/common/src/http/problem.ts": "export const problem = 1;\n",
  "packages/common/src/testing/clock.ts": "export const clock = 1;\n",
  "packages/common/src/repositories/vault/vault-repository.ts": "export type Port = object;\n",
  "packages/common/src/repositories/vault/vault-repository.memory.ts": "export const memory = 1;\n",
  "packages/common/src/repositories/burn/burn-repository.memory.ts": "export const memory = 1;\n",
  "packages/ledger-sim/src/network.ts": "export const network = 1;\n",
  "services/billing/src/app.ts": "export const app = 1;\n",
};

const memoryAdapter = "@orrery/common/repositories/vault/vault-repository.memory";

/** Rule → one file that breaks it, and what it imports. Every rule of the configuration stands here. */
export const plantedViolations: Readonly<Record<string, readonly [path: string, imports: string]>> =
  {
    "nothing-imports-a-service": ["packages/cli/src/main.ts", "@orrery/billing/app"],
    "no-service-imports-another": ["services/catalog/src/app.ts", "@orrery/billing/app"],
    "contracts-are-the-floor": ["packages/common/src/contracts/errors.ts", "../http/problem.ts"],
    "contracts-know-no-engine": ["packages/common/src/contracts/route.ts", "fastify"],
    "soroban-stands-alone": ["packages/soroban/src/vault.ts", "@orrery/common/contracts/money"],
    "soroban-tests-know-the-simulator-only": [
      "packages/soroban/src/vault.test.ts",
      "@orrery/common/contracts/money",
    ],
    "client-stands-alone": ["packages/client/src/money.ts", "@orrery/common/contracts/money"],
    "simulator-knows-nobody": ["packages/ledger-sim/src/main.ts", "@orrery/common/contracts/money"],
    "simulator-is-for-development": [
      "services/billing/src/ledger.ts",
      "@orrery/ledger-sim/network",
    ],
    "production-imports-no-test-code": [
      "services/billing/src/time.ts",
      "@orrery/common/testing/clock",
    ],
    "routes-see-no-storage": ["services/billing/src/vaults/vaults.routes.ts", "kysely"],
    "service-sees-ports-only": ["services/billing/src/vaults/vault-service.ts", memoryAdapter],
    "pure-file-is-pure": ["services/billing/src/vaults/vault.ts", "fastify"],
    "port-is-no-adapter": [
      "packages/common/src/repositories/burn/burn-repository.ts",
      "./burn-repository.memory.ts",
    ],
    "adapters-are-picked-in-compose": ["services/billing/src/boot.ts", memoryAdapter],
    "adapter-knows-its-own-folder": [
      "packages/common/src/repositories/burn/burn-repository.kysely.ts",
      "../vault/vault-repository.memory.ts",
    ],
    "one-door-to-postgres": ["services/billing/src/pool.ts", "pg"],
    "no-circular": ["packages/common/src/cache/cache.ts", "./cache.ts"],
    "no-unresolvable": ["packages/common/src/cache/missing.ts", "./nowhere.ts"],
    "no-way-round-the-exports": [
      "services/billing/src/reach.ts",
      "../../../packages/common/src/contracts/money.ts",
    ],
    "no-orphan": ["packages/common/src/cache/alone.ts", ""],
  };

/** The text of a file that imports one module, its types only. */
export const importing = (module: string) =>
  module === ""
    ? "export const alone = 1;\n"
    : `import type * as it from "${module}";\nexport type It = typeof it;\n`;
