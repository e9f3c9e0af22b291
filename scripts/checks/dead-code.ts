import { runTool, withPlantedTree } from "./command.ts";
import { root } from "./source-tree.ts";

/** A workspace in which four things are dead; each must be found under its name. */
const plantedWorkspace = {
  "package.json": '{"name":"planted","private":true,"type":"module"}',
  "pnpm-workspace.yaml": "packages:\n  - packages/*\n  - services/*\n",
  "packages/common/package.json": JSON.stringify({
    name: "@orrery/common",
    type: "module",
    exports: { "./*": "./src/*.ts" },
    dependencies: { "dead-dependency": "1.0.0" },
  }),
  "packages/common/src/used.ts": "export const used = 1;\nexport const deadExport = 2;\n",
  "packages/common/src/dead-file.ts": "export const deadFile = 1;\n",
  "services/billing/package.json": JSON.stringify({
    name: "@orrery/billing",
    type: "module",
    dependencies: { "@orrery/common": "workspace:*" },
  }),
  "services/billing/src/main.ts":
    'import { used } from "@orrery/common/used";\nimport it from "unlisted-package";\nit(used);\n',
};
const plantedDeaths = ["dead-dependency", "deadExport", "deadFile", "unlisted-package"];

const args = [
  "--config",
  `${root}/scripts/checks/knip.jsonc`,
  "--no-progress",
  "--no-config-hints",
];
const { exitCode, output } = runTool("knip", args);
process.stdout.write(output);
if (exitCode !== 0) process.exitCode = exitCode;

const planted = withPlantedTree(plantedWorkspace, (directory) => runTool("knip", args, directory));
const missed = plantedDeaths.filter((name) => !planted.output.includes(name));
if (missed.length > 0 || planted.output.includes("used  ")) {
  console.error(`knip did not find ${missed.join(", ")} planted for it:\n${planted.output}`);
  process.exitCode = 1;
}
