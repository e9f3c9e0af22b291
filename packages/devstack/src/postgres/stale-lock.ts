import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../process/process-identity.ts";

/**
 * Removes a `postmaster.pid` whose process id belongs to some other program by now, as it often
 * does in a container that was started anew: Postgres would refuse to start. A lock whose process
 * is gone is left to Postgres, which also looks for what the dead server left in shared memory.
 */
export async function clearStaleLock(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, "postmaster.pid");
  const pid = await readPid(lockFile);
  if (pid !== undefined && isAlive(pid) && !(await isPostgresOn(pid, dataDir))) {
    await rm(lockFile, { force: true });
  }
}

async function readPid(lockFile: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(lockFile, "utf8"), 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Without /proc (not Linux) a living process counts as Postgres: it then decides for itself. */
async function isPostgresOn(pid: number, dataDir: string): Promise<boolean> {
  if (process.platform !== "linux") return true;
  try {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8");
    return commandLine.split("\0").includes(dataDir);
  } catch {
    return false;
  }
}
