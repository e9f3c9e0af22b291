import { runTool, withPlantedTree } from "./command.ts";
import { isCode, root, treeOnDisk } from "./source-tree.ts";

/** A promise nobody waits for: found only when the type-aware half of the linter works. */
const plantedViolation = {
  "tsconfig.json": '{"compilerOptions":{"target":"es2024","module":"nodenext","strict":true}}',
  "planted.ts":
    "async function charge(): Promise<void> {}\nexport function run(): void {\n  charge();\n}\n",
};

const expected = treeOnDisk().files.filter(isCode).length;
const { exitCode, output } = runTool("oxlint", process.argv.slice(2));
process.stdout.write(output);

const seen = Number(/ on (\d+) files? with \d+ rules/.exec(output)?.[1] ?? 0);
if (seen < expected) {
  console.error(`The linter saw ${seen} files; the tree has ${expected}.`);
  process.exitCode = 1;
}

const planted = withPlantedTree(plantedViolation, (directory) =>
  runTool("oxlint", ["-c", `${root}/.oxlintrc.json`], directory),
);
if (!planted.output.includes("no-floating-promises")) {
  console.error(`The linter passed over a planted floating promise:\n${planted.output}`);
  process.exitCode = 1;
}

if (exitCode !== 0) process.exitCode = exitCode;
