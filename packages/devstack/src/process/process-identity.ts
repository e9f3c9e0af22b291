import { readFile } from "node:fs/promises";
import { errorCode } from "../stack-failure.ts";
import { runCommand } from "./run-command.ts";

/** A process that can be told from a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** When it was started, in whatever form the system tells it. */
  startedAt: string;
}

/** The identity of the process that has this id now; undefined when none has. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === "linux" ? await linuxStart(pid) : await psStart(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether this very process still runs. */
export async function isSameProcessAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.startedAt === identity.startedAt;
}

/** Whether some process has this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Field 22 of stat, counted behind the name, which may hold spaces; a zombie has ended. */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

async function psStart(pid: number): Promise<string | undefined> {
  const result = await runCommand("ps", ["-o", "lstart=", "-p", String(pid)]);
  return result.code === 0 ? result.stdout.trim() : undefined;
}
