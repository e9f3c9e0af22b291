import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, matchesGlob } from "node:path";
import { ROOT } from "../files.ts";
import { buildEnvironment } from "./config.ts";
import { having, type Stage } from "./dockerfile.ts";
import { USER_ID } from "./jail.ts";

const TIMEOUT_MS = 600_000;
const isRoot = process.getuid?.() === 0;

/**
 * Does what the build stage does, in a clean folder: the build's context, then each RUN of the stage as an
 * unprivileged user with an empty home.
 * @throws Error with a command's output when it fails
 */
export function runBuildStage(stage: Stage, folder: string, say: (line: string) => void): void {
  const home = join(folder, "../home");
  mkdirSync(home, { recursive: true });
  for (const path of contextFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  if (isRoot) {
    chownSync(home, USER_ID, USER_ID);
    spawnSync("chown", ["-R", `${USER_ID}:${USER_ID}`, folder]);
  }
  for (const instruction of having(stage, "RUN")) {
    const command = instruction.getArgumentsContent() ?? "";
    say(`  RUN ${command}`);
    const result = spawnSync("sh", ["-c", command], {
      cwd: folder,
      env: buildEnvironment(home),
      encoding: "utf8",
      timeout: TIMEOUT_MS,
      ...(isRoot && { uid: USER_ID, gid: USER_ID }),
    });
    if (result.status !== 0) {
      throw new Error(`${command}\n${result.stdout}${result.stderr}${result.error?.message ?? ""}`);
    }
  }
}

/** What `COPY . .` would bring: the repository's files, without what the .dockerignore names. */
function contextFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { stdout, status } = spawnSync("git", args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error("git does not list the repository's files");
  const ignored = readFileSync(join(ROOT, "infra/docker/Dockerfile.dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const isIgnored = (path: string) =>
    ignored.some((pattern) => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`));
  const isThere = (path: string) => path !== "" && !isIgnored(path) && existsSync(join(ROOT, path));
  return stdout.split("\0").filter(isThere);
}
