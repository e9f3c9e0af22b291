import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { runTool } from "./command.ts";
import { projectFolders, root, treeOnDisk } from "./source-tree.ts";

interface TsConfig {
  readonly compilerOptions?: { readonly tsBuildInfoFile?: string };
}
interface BuildInfo {
  readonly fileNames?: readonly string[];
}

/** The files of ours that the compiler's record for one project names. */
function compiledFiles(project: string): string[] {
  const config = JSON.parse(readFileSync(join(root, project, "tsconfig.json"), "utf8")) as TsConfig;
  const buildInfoFile = join(root, project, config.compilerOptions?.tsBuildInfoFile ?? "");
  if (!existsSync(buildInfoFile)) return [];
  const buildInfo = JSON.parse(readFileSync(buildInfoFile, "utf8")) as BuildInfo;
  return (buildInfo.fileNames ?? []).map((name) =>
    relative(root, resolve(dirname(buildInfoFile), name)),
  );
}

const tree = treeOnDisk();
const { exitCode, output } = runTool("tsc", ["-b", ...process.argv.slice(2)]);
process.stdout.write(output);
if (exitCode !== 0) process.exitCode = exitCode;

// A file that no project includes is a file nobody compiles.
const compiled = new Set(
  [...projectFolders(tree), "scripts", "bench", "infra"].flatMap(compiledFiles),
);
const missed = tree.files.filter((path) => path.endsWith(".ts") && !compiled.has(path));
if (missed.length > 0) {
  console.error(`The compiler saw ${compiled.size} files, but not:\n  ${missed.join("\n  ")}`);
  process.exitCode = 1;
}
