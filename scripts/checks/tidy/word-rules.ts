import { isCode, isTestCode } from "../source-tree.ts";
import { isText, linesWhere, type Rule } from "./rule.ts";

/** Puts a forbidden word together, so that this file does not contain what it forbids. */
const spelled = (...parts: readonly string[]) => parts.join("");

const laterWords = [
  spelled("TO", "DO"),
  spelled("FIX", "ME"),
  spelled("XX", "X"),
  spelled("HA", "CK"),
];
const laterPhrases = [spelled("not", " implemented"), spelled("place", "holder")];
const anyCast = spelled("as", " any");
const silencers = [
  spelled("@ts", "-ignore"),
  spelled("@ts", "-nocheck"),
  spelled("eslint", "-disable"),
];
const expectError = spelled("@ts", "-expect-error");
const lintDisable = spelled("oxlint", "-disable");
const biomeIgnore = spelled("biome", "-ignore");
const pending = spelled("to", "do");

const anyOf = (words: readonly string[]) => `(${words.join("|")})`;
const LATER_WORD = new RegExp(`\\b${anyOf(laterWords)}\\b`);
const LATER_PHRASE = new RegExp(anyOf(laterPhrases), "i");
const GIVES_UP = new RegExp(
  `\\b${anyCast}\\b(?! [a-z])|${spelled("<a", "ny>")}|${anyOf(silencers)}`,
);
const SUPPRESSED = new RegExp(anyOf([expectError, lintDisable, biomeIgnore]));
/** A suppression followed by `--` or a colon and at least two words. */
const REASONED = new RegExp(`${SUPPRESSED.source}.*?(--|:)\\s*\\S+ \\S+`);
const EXCLUSIVE = new RegExp(
  `\\b(it|test|describe|suite)(\\.\\w+)*\\.(only|skip|${pending}|fails|skipIf|runIf)\\b|\\bx(it|describe)\\(`,
);
const MACHINE_PATH = /(^|[^\w.~-])\/(work|farm|home|Users|tmp\/(spike|bash))\//;
const REGISTRY = /https?:\/\/[^ ]*registry\.|tarball: ?https?:|registry\.npmjs/;
const ENVIRONMENT =
  /\bprocess\.env\b|\bprocess\[|\benv\b.*from "(node:)?process"|import\.meta\.env/;
const MODULE_MOCK = /\bvi\.(mock|doMock)\(/;
const SLEEP = /await (sleep|delay|setTimeout)\(|=> setTimeout\(\w+, ?[\w.]+\)\)/;

/** The files that may read the environment: one per process, and the tasks that start processes. */
const readsEnvironment = (path: string) =>
  /^services\/[^/]+\/src\/config\.ts$/.test(path) ||
  /^packages\/(ledger-sim|devstack|cli)\/src\/config\.ts$/.test(path) ||
  path === "packages/devstack/src/testing/config.ts" ||
  /^(scripts|bench)\//.test(path) ||
  path === "infra/src/image/config.ts";

const isScript = (path: string) => isCode(path) || path.endsWith(".sh");
const isTest = (path: string) => /\.(test|contract)\.ts$/.test(path);

const nothingLeftForLater: Rule = {
  name: "nothing promises later work",
  find: linesWhere(isScript, (line) => LATER_WORD.test(line) || LATER_PHRASE.test(line)),
  refuses: [...laterWords, ...laterPhrases].map((word) => ({ "src/a.ts": `// ${word}: charge\n` })),
  accepts: [{ "src/a.ts": "const hackney = 1; // a hackathon\n" }],
};

const noAnyCast: Rule = {
  name: "no cast gives up on types",
  find: linesWhere(isCode, (line) => GIVES_UP.test(line)),
  refuses: [anyCast, ...silencers].map((word) => ({ "src/a.ts": `charge(x) // ${word}` })),
  accepts: [
    { "src/a.ts": "// as anyone can see\nconst a = b as Vault;" },
    { "src/a.ts": `// ${anyCast} consumer does` },
  ],
};

const reasonedSuppressions: Rule = {
  name: "a suppression gives its reason on its line",
  find: linesWhere(isCode, (line) => SUPPRESSED.test(line) && !REASONED.test(line)),
  refuses: [`${lintDisable}-next-line no-console`, expectError, `${biomeIgnore} format`].map(
    (directive) => ({ "src/a.ts": `// ${directive}` }),
  ),
  accepts: [
    { "src/a.ts": `// ${lintDisable}-next-line no-console -- the command's answer` },
    { "src/a.ts": `// ${expectError}: unknown fields are refused` },
  ],
};

const everyTestRuns: Rule = {
  name: "every test runs",
  find: linesWhere(isTestCode, (line) => EXCLUSIVE.test(line)),
  refuses: ["it.only", "describe.skip", `test.concurrent.${pending}`, "it.skipIf"].map((call) => ({
    "src/a.test.ts": `${call}("charges", () => {});`,
  })),
  accepts: [{ "src/a.test.ts": 'it.each([1])("skips what was charged", () => {});' }],
};

const noModuleMocks: Rule = {
  name: "ports are not mocked",
  find: linesWhere(isTestCode, (line) => MODULE_MOCK.test(line)),
  refuses: [{ "src/a.test.ts": 'vi.mock("./vault.ts");' }],
  accepts: [{ "src/a.test.ts": "vi.useFakeTimers();" }],
};

const noSleeps: Rule = {
  name: "tests wait for conditions",
  find: linesWhere(isTest, (line) => SLEEP.test(line)),
  refuses: [
    { "src/a.test.ts": "await setTimeout(50);" },
    { "src/a.test.ts": "await new Promise((resolve) => setTimeout(resolve, 50));" },
  ],
  accepts: [{ "src/a.test.ts": "await waitUntil(() => isSettled());" }],
};

const noMachinePaths: Rule = {
  name: "no path of one machine",
  find: linesWhere(
    (path) => isText(path) && !path.startsWith(".ci/"),
    (line) => MACHINE_PATH.test(line),
  ),
  refuses: [{ "README.md": `cd ${["", "work", "main"].join("/")}` }],
  accepts: [{ "src/a.ts": 'import { a } from "../home/plan.ts";' }],
};

const noRegistryHosts: Rule = {
  name: "no registry host",
  find: linesWhere(isText, (line) => REGISTRY.test(line)),
  refuses: [
    { "pnpm-lock.yaml": `    resolution: {${spelled("tarball", ": https")}://a.example/a.tgz}` },
  ],
  accepts: [{ "pnpm-lock.yaml": "    resolution: {integrity: sha512-abc}" }],
};

const oneReaderOfTheEnvironment: Rule = {
  name: "the environment is read in config.ts",
  find: linesWhere(
    (path) => isCode(path) && !readsEnvironment(path),
    (line) => ENVIRONMENT.test(line),
  ),
  refuses: [
    { "services/billing/src/app.ts": "const port = process.env.PORT;" },
    { "packages/common/src/config/env.ts": 'const { env } = process["env"];' },
    { "packages/common/src/config.ts": 'import { env } from "node:process";' },
  ],
  accepts: [{ "services/billing/src/config.ts": "loadConfig(schema, process.env);" }],
};

export const wordRules: readonly Rule[] = [
  nothingLeftForLater,
  noAnyCast,
  reasonedSuppressions,
  everyTestRuns,
  noModuleMocks,
  noSleeps,
  noMachinePaths,
  noRegistryHosts,
  oneReaderOfTheEnvironment,
];
