import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../process/run-command.ts";
import { StackFailure } from "../stack-failure.ts";

const COMMAND_TIMEOUT_MS = 120_000;

/** A program of Debian's, and the packages that bring it. */
export interface DebianProgram<Program> {
  /** The package, which is called as the program is missed by. */
  readonly name: string;
  /** What it needs that a slim image may lack, itself first. */
  readonly packages: readonly string[];
  /** Where they are unpacked; outside the system, inside the project. */
  readonly cacheFolder: string;
  /** Finds it on this machine, installed or unpacked. */
  readonly find: () => Promise<Program | undefined>;
  /** Told of what is being done when it takes a while. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * A program of this machine; on Debian without it, its packages are downloaded and unpacked into
 * `cacheFolder`, which needs no root and changes nothing outside; root may install them when that does
 * not run.
 * @throws {StackFailure} naming what is missing when there is none to be had
 */
export async function obtainDebianProgram<Program>(
  wanted: DebianProgram<Program>,
): Promise<Program> {
  const { name, find, onProgress } = wanted;
  const found = await find();
  if (found !== undefined) return found;
  if ((await runCommand("apt-get", ["--version"])).code !== 0) {
    throw missing(name, "this machine has no apt-get to fetch it with");
  }
  onProgress?.(`fetching Debian's ${name}`);
  const reason = await unpackPackages(wanted);
  const unpacked = await find();
  if (unpacked !== undefined) return unpacked;
  if (process.getuid?.() === 0) {
    onProgress?.(`installing Debian's ${name}`);
    await apt(["update", "-qq"], "/");
    await apt(["install", "-y", "-qq", "--no-install-recommends", name], "/");
    const installed = await find();
    if (installed !== undefined) return installed;
  }
  throw missing(name, reason);
}

/** Downloads with apt's lists and cache kept in a folder of ours; gives why it failed, if it did. */
async function unpackPackages(wanted: DebianProgram<unknown>): Promise<string> {
  const { name, packages, cacheFolder } = wanted;
  const workFolder = `${cacheFolder}.${process.pid}`;
  const tree = join(workFolder, "tree");
  await mkdir(tree, { recursive: true });
  try {
    const download = ["download", ...packages];
    let result = await apt(download, workFolder);
    if (result.code !== 0) {
      const own = await ownAptFolders(workFolder);
      await apt([...own, "update", "-qq"], workFolder);
      result = await apt([...own, ...download], workFolder);
    }
    if (result.code !== 0) return `apt-get download failed: ${lastLine(result.stderr)}`;
    for (const file of await readdir(workFolder)) {
      if (!file.endsWith(".deb")) continue;
      const unpacked = await runCommand("dpkg", ["-x", join(workFolder, file), tree]);
      if (unpacked.code !== 0) return `dpkg -x ${file} failed: ${lastLine(unpacked.stderr)}`;
    }
    await rm(cacheFolder, { recursive: true, force: true });
    await mkdir(dirname(cacheFolder), { recursive: true });
    await rename(tree, cacheFolder);
    return `the unpacked ${name} does not run`;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Options that let an ordinary user keep package lists of his own. */
async function ownAptFolders(workFolder: string): Promise<string[]> {
  const lists = join(workFolder, "lists");
  const cache = join(workFolder, "cache");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(join(cache, "archives/partial"), { recursive: true });
  return ["-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${cache}`];
}

function apt(args: readonly string[], cwd: string) {
  const quiet = ["-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1"];
  const options = args[0] === "install" ? [] : quiet;
  return runCommand("apt-get", [...options, ...args], { cwd, timeoutMs: COMMAND_TIMEOUT_MS });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function missing(name: string, reason: string): StackFailure {
  return new StackFailure(
    `${name} is missing: ${reason}`,
    `install ${name} (Debian: apt-get install ${name}) so that it is on the PATH`,
  );
}
