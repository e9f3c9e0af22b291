import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SetupFailure } from "./failure.mjs";

const OLDEST = [22, 19];

/**
 * The Node that runs the project: the one of the lockfile, else this one when it is new enough to
 * run TypeScript.
 * @throws {SetupFailure}
 */
export function findProjectNode(root) {
  const shipped = join(root, "node_modules/.bin/node");
  if (existsSync(shipped)) {
    if (spawnSync(shipped, ["--version"]).status === 0) return shipped;
    // Built for another C library (Alpine): out of the way of the programs that look for it first.
    rmSync(shipped, { force: true });
  }
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  throw new SetupFailure(
    `${process.platform}-${process.arch} has no Node package, and this Node is ${process.version}`,
    `install Node ${OLDEST.join(".")} or newer (24 is what the project is tested with)`,
  );
}
