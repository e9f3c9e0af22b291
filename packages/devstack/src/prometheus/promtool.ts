import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { obtainDebianProgram } from "../debian/debian-packages.ts";
import { runCommand } from "../process/run-command.ts";

/** Where a Prometheus fetched from Debian is kept: inside the project, git-ignored. */
const CACHE_FOLDER = fileURLToPath(
  new URL("../../../../node_modules/.cache/orrery/prometheus", import.meta.url),
);

/**
 * The promtool of this machine, or of Debian's prometheus: the path of its file.
 * @throws {StackFailure} naming what is missing when there is none to be had
 */
export async function obtainPromtool(
  searchPath: string,
  onProgress?: (text: string) => void,
): Promise<string> {
  const folders = [...searchPath.split(delimiter), join(CACHE_FOLDER, "usr/bin")];
  return obtainDebianProgram({
    name: "prometheus",
    packages: ["prometheus"],
    cacheFolder: CACHE_FOLDER,
    find: () => findPromtool(folders.filter((folder) => folder !== "")),
    onProgress,
  });
}

async function findPromtool(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const file = join(folder, "promtool");
    if ((await runCommand(file, ["--version"])).code === 0) return file;
  }
  return undefined;
}
