import { runTool, withPlantedTree } from "./command.ts";
import configuration from "./dependency-cruiser.mjs";
import { importing, plantedPackages, plantedViolations } from "./planted-violations.ts";
import { isCode, projectFolders, root, treeOnDisk } from "./source-tree.ts";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
  readonly cycle?: readonly { readonly name: string }[];
}
interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
}

function cruise(directory: string): Cruise {
  const config = `${root}/scripts/checks/dependency-cruiser.mjs`;
  const args = ["--config", config, "--output-type", "json", "packages", "services"];
  const { output } = runTool("depcruise", args, directory);
  if (!output.startsWith("{")) throw new Error(`dependency-cruiser gave no result:\n${output}`);
  return JSON.parse(output) as Cruise;
}

const rules = configuration.forbidden as readonly { readonly name: string; comment?: string }[];
const comments = new Map(rules.map(({ name, comment = "" }) => [name, comment]));

function describe({ rule, from, to, cycle }: Violation): string {
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(" → ");
  return `${rule.name}: ${from} → ${path}\n    ${comments.get(rule.name) ?? ""}`.trimEnd();
}

/** Modules that the cruise did not reach: a rule cannot fire on what it never saw. */
function unseen({ modules }: Cruise): string[] {
  const seen = new Set(modules.map(({ source }) => source));
  const projects = projectFolders(tree);
  return tree.files.filter(
    (path) =>
      isCode(path) && projects.some((project) => path.startsWith(`${project}/`)) && !seen.has(path),
  );
}

/** Rules without a planted violation, and rules that let theirs pass. */
function silentRules(): string[] {
  const planted: Record<string, string> = { ...plantedPackages };
  for (const [path, module] of Object.values(plantedViolations)) planted[path] = importing(module);
  const { summary } = withPlantedTree(planted, cruise);
  return [...comments.keys()].filter((name) => {
    const path = plantedViolations[name]?.[0];
    return !summary.violations.some(({ rule, from }) => rule.name === name && from === path);
  });
}

const tree = treeOnDisk();
const found = cruise(root);
const faults = [
  ...found.summary.violations.map(describe),
  ...unseen(found).map((path) => `not seen: ${path}`),
  ...silentRules().map((name) => `the rule ${name} passes over its planted violation`),
];
for (const fault of faults) console.error(fault);
console.log(`${found.modules.length} modules, ${comments.size} rules, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
