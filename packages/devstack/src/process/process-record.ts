import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { errorCode } from "../stack-failure.ts";
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from "./process-identity.ts";
import { waitUntil } from "./wait-until.ts";

export interface RecordedProcess extends ProcessIdentity {
  name: string;
  /** How long it may take to end when it is found without its owner; then it is killed. */
  graceMs: number;
}

/** The process that looks after a data directory. */
export interface Owner extends ProcessIdentity {
  /** It was told to stop, and will be gone in a moment. */
  isStopping: boolean;
}

interface Contents {
  owner: Owner;
  children: RecordedProcess[];
}

const DEFAULT_GRACE_MS = 10_000;
const KILL_GRACE_MS = 5_000;

/**
 * A file that says which processes belong to a data directory and which process looks after them,
 * so that a later start finds what a killed one left.
 */
export class ProcessRecord {
  readonly #file: string;
  #contents: Contents | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** The living process that looks after the data directory, if there is one. */
  async findOwner(): Promise<Owner | undefined> {
    const owner = this.#read()?.owner;
    return owner && (await isSameProcessAlive(owner)) ? owner : undefined;
  }

  /** Ends the recorded children that still run, in order; gives their names. */
  async stopLeftovers(): Promise<string[]> {
    const stopped: string[] = [];
    for (const child of this.#read()?.children ?? []) {
      if (child.pid !== process.pid && (await isSameProcessAlive(child))) {
        await stopProcess(child);
        stopped.push(child.name);
      }
    }
    return stopped;
  }

  /** Makes this process the one that looks after the data directory. */
  async claim(): Promise<void> {
    const owner = await identifyProcess(process.pid);
    if (!owner) throw new Error("this process cannot be identified");
    this.#contents = { owner: { ...owner, isStopping: false }, children: [] };
    this.#write();
  }

  /** Lets a start that comes now wait for the end of this one. */
  markStopping(): void {
    if (!this.#contents) return;
    this.#contents.owner.isStopping = true;
    this.#write();
  }

  /** Records a child, in place of an earlier one of that name. Children end in the order recorded. */
  async add(name: string, pid: number, graceMs = DEFAULT_GRACE_MS): Promise<void> {
    const identity = await identifyProcess(pid);
    if (!this.#contents || !identity) return;
    const others = this.#contents.children.filter((child) => child.name !== name);
    // The newest first: what was started last depends on the rest and must end before it.
    this.#contents.children = [{ name, ...identity, graceMs }, ...others];
    this.#write();
  }

  /** Forgets everything: all children have ended. */
  release(): void {
    this.#contents = undefined;
    rmSync(this.#file, { force: true });
  }

  #read(): Contents | undefined {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8")) as Contents;
    } catch (error) {
      if (error instanceof SyntaxError || errorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  #write(): void {
    const next = `${this.#file}.next`;
    writeFileSync(next, `${JSON.stringify(this.#contents, null, 2)}\n`, { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

/** SIGINT asks Postgres for a fast shutdown and every other child for an ordinary one. */
async function stopProcess(child: RecordedProcess): Promise<void> {
  const hasEnded = async () => !(await isSameProcessAlive(child));
  signal(child.pid, "SIGINT");
  try {
    await waitUntil(`${child.name} ends`, hasEnded, { timeoutMs: child.graceMs });
  } catch {
    signal(child.pid, "SIGKILL");
    await waitUntil(`${child.name} ends`, hasEnded, { timeoutMs: KILL_GRACE_MS });
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}
