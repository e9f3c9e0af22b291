// Who may import whom. `direction.ts` runs this, and proves on planted violations that every rule still fires.

const ADAPTER = "[.](memory|kysely|redis|local|s3)[.]ts$";
const TEST_CODE = "([.](test|contract)[.]ts$|/test/|/testing/)";
const IN_SERVICE = "^services/([^/]+)/";
/** `name` as an installed package, whichever way the package manager lays it out. */
const npm = (names) => `(^|/)node_modules/(${names})/`;

/** @type {import("dependency-cruiser").IConfiguration["forbidden"]} */
const layers = [
  {
    name: "nothing-imports-a-service",
    comment:
      "Services meet over HTTP and events; a package below a service cannot know it. The tests of the whole stack compose it.",
    from: { path: "^packages/", pathNot: "^packages/devstack/test/" },
    to: { path: "^services/" },
  },
  {
    name: "no-service-imports-another",
    comment: "Services meet over HTTP and events.",
    from: { path: IN_SERVICE },
    to: { path: "^services/", pathNot: "^services/$1/" },
  },
  {
    name: "contracts-are-the-floor",
    comment: "contracts ← {repositories, http, observability, events, cache, soroban} ← services.",
    from: { path: "^packages/common/src/contracts/", pathNot: TEST_CODE },
    to: { path: "^(packages|services)/", pathNot: "^packages/common/src/contracts/" },
  },
  {
    name: "contracts-know-no-engine",
    comment: "A contract is a shape; it holds without a web server, a database or a cache.",
    from: { path: "^packages/common/src/contracts/", pathNot: TEST_CODE },
    to: { path: npm("fastify[^/]*|@fastify/[^/]+|kysely|pg|redis|pino") },
  },
  {
    name: "soroban-stands-alone",
    comment:
      "packages/soroban can be published by itself; its tests may run against the simulator.",
    from: { path: "^packages/soroban/", pathNot: TEST_CODE },
    to: { path: "^(packages|services)/", pathNot: "^packages/soroban/" },
  },
  {
    name: "soroban-tests-know-the-simulator-only",
    from: { path: "^packages/soroban/" },
    to: { path: "^(packages|services)/", pathNot: "^packages/(soroban|ledger-sim)/" },
  },
  {
    name: "client-stands-alone",
    comment:
      "Consumers install it: it runs in browsers, with nothing of ours or of Node's around it.",
    from: { path: "^packages/client/src/" },
    to: { pathNot: "^packages/client/src/" },
  },
  {
    name: "simulator-knows-nobody",
    comment:
      "The simulator plays the network: sharing code with its clients would hide their faults.",
    from: { path: "^packages/ledger-sim/" },
    to: { path: "^(packages|services)/", pathNot: "^packages/ledger-sim/" },
  },
  {
    name: "simulator-is-for-development",
    from: {
      path: "^(packages|services)/",
      pathNot: `^packages/(ledger-sim|devstack)/|${TEST_CODE}`,
    },
    to: { path: "^packages/ledger-sim/" },
  },
  {
    name: "production-imports-no-test-code",
    from: { path: "^(packages|services)/", pathNot: `^packages/devstack/|${TEST_CODE}` },
    to: { path: `^packages/devstack/|${TEST_CODE}`, pathNot: "node_modules" },
  },
];

/** @type {import("dependency-cruiser").IConfiguration["forbidden"]} */
const roles = [
  {
    name: "routes-see-no-storage",
    comment: "routes → service → port: a route that reaches storage goes round the use case.",
    from: { path: "[.]routes[.]ts$" },
    to: { path: `${ADAPTER}|-repository[.]ts$|${npm("kysely|pg|redis")}` },
  },
  {
    name: "service-sees-ports-only",
    comment: "A use case holds over memory and Postgres alike, and without HTTP.",
    from: { path: "^(packages|services)/.*-service[.]ts$" },
    to: { path: `${ADAPTER}|${npm("fastify[^/]*|@fastify/[^/]+|kysely|pg|redis")}` },
  },
  // vaults/vault, statuses/status, entries/entry.
  ...["([a-z-]+)s/\\1", "([a-z-]+)es/\\1", "([a-z-]+)ies/\\1y"].map((feature) => ({
    name: "pure-file-is-pure",
    comment: "deductions/deduction.ts holds types and rules, true without a server or a database.",
    from: { path: `^services/[^/]+/src/${feature}[.]ts$` },
    to: {
      path: `${ADAPTER}|[.]routes[.]ts$|${npm("fastify[^/]*|@fastify/[^/]+|kysely|pg|redis")}`,
    },
  })),
  {
    name: "port-is-no-adapter",
    comment: "A port is an interface with documented errors and no I/O.",
    from: { path: "-repository[.]ts$" },
    to: { path: `${ADAPTER}|${npm("fastify[^/]*|kysely|pg|redis")}` },
  },
  {
    name: "adapters-are-picked-in-compose",
    comment: "compose.ts is the only place that picks adapters; tests pick their own.",
    from: {
      path: "^(packages|services)/",
      pathNot: `(^|/)compose[.]ts$|${ADAPTER}|^packages/devstack/|${TEST_CODE}`,
    },
    to: { path: `^(packages|services)/.*${ADAPTER}` },
  },
  {
    name: "adapter-knows-its-own-folder",
    comment:
      "What several adapters share stands at the top of repositories/; …-statements join another adapter's transaction.",
    from: { path: `^(.+)/[^/]+${ADAPTER}` },
    to: {
      path: `^(packages|services)/.*${ADAPTER}`,
      pathNot: "^$1/|^packages/common/src/repositories/[^/]+$|-statements[.]kysely[.]ts$",
    },
  },
  {
    name: "one-door-to-postgres",
    comment: "Connections, roles and query counting live in one place.",
    from: {
      path: "^(packages|services)/",
      pathNot: `^packages/(common/src/repositories|devstack)/|[.]kysely[.]ts$|${TEST_CODE}`,
    },
    to: { path: npm("pg") },
  },
];

/** @type {import("dependency-cruiser").IConfiguration["forbidden"]} */
const hygiene = [
  { name: "no-circular", from: {}, to: { circular: true } },
  {
    name: "no-unresolvable",
    comment: "What does not resolve is seen by no other rule.",
    from: { path: "^(packages|services)/" },
    to: { couldNotResolve: true },
  },
  {
    name: "no-way-round-the-exports",
    comment: "Another package is imported by its name and exports, never by a path into it.",
    from: { path: "^(packages|services)/([^/]+)/" },
    to: {
      dependencyTypes: ["local"],
      path: "^(packages|services|scripts)/",
      pathNot: "^$1/$2/",
    },
  },
  {
    name: "no-orphan",
    from: { orphan: true, pathNot: `/src/main[.]ts$|${TEST_CODE}` },
    to: {},
  },
];

export default {
  forbidden: [...layers, ...roles, ...hygiene].map((rule) => ({ ...rule, severity: "error" })),
  options: {
    parser: "tsc",
    // Types count: a pure file that only borrows Fastify's types still knows Fastify.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json"],
    },
  },
};
