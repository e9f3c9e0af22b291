import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../process/run-command.ts";
import { StackFailure } from "../stack-failure.ts";
import { findRedisServer, type RedisProgram, runs, unpackedRedis } from "./redis-server.ts";

/** What redis-server needs that a slim Debian image may lack, itself first. */
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];
const COMMAND_TIMEOUT_MS = 120_000;

export interface RedisSources {
  /** The PATH to search. */
  searchPath: string;
  /** Where Debian's packages are unpacked; outside the system, inside the project. */
  cacheFolder: string;
  /** Told what is being done when it takes a while. */
  onProgress?: (text: string) => void;
}

/**
 * A redis-server of this machine; on Debian without one, its packages are downloaded and unpacked
 * into `cacheFolder`, which needs no root and changes nothing outside; root may install them
 * when that does not run.
 * @throws {StackFailure} naming what is missing when there is none to be had
 */
export async function obtainRedisServer(sources: RedisSources): Promise<RedisProgram> {
  const found = await findRedisServer(sources.searchPath, sources.cacheFolder);
  if (found) return found;
  if ((await runCommand("apt-get", ["--version"])).code !== 0) {
    throw missing("this machine has no apt-get to fetch it with");
  }
  sources.onProgress?.("fetching Debian's redis-server");
  const reason = await unpackPackages(sources.cacheFolder);
  const unpacked = unpackedRedis(sources.cacheFolder);
  if (await runs(unpacked)) return unpacked;
  if (process.getuid?.() === 0) {
    sources.onProgress?.("installing Debian's redis-server");
    await apt(["update", "-qq"], sources.cacheFolder);
    await apt(["install", "-y", "-qq", "--no-install-recommends", "redis-server"], "/");
    const installed = await findRedisServer(sources.searchPath, sources.cacheFolder);
    if (installed) return installed;
  }
  throw missing(reason);
}

/** Downloads with apt's lists and cache kept in a folder of ours; gives why it failed, if it did. */
async function unpackPackages(cacheFolder: string): Promise<string> {
  const workFolder = `${cacheFolder}.${process.pid}`;
  const tree = join(workFolder, "tree");
  await mkdir(tree, { recursive: true });
  try {
    const download = ["download", ...PACKAGES];
    let result = await apt(download, workFolder);
    if (result.code !== 0) {
      const own = await ownAptFolders(workFolder);
      await apt([...own, "update", "-qq"], workFolder);
      result = await apt([...own, ...download], workFolder);
    }
    if (result.code !== 0) return `apt-get download failed: ${lastLine(result.stderr)}`;
    for (const name of await readdir(workFolder)) {
      if (!name.endsWith(".deb")) continue;
      const unpacked = await runCommand("dpkg", ["-x", join(workFolder, name), tree]);
      if (unpacked.code !== 0) return `dpkg -x ${name} failed: ${lastLine(unpacked.stderr)}`;
    }
    await rm(cacheFolder, { recursive: true, force: true });
    await mkdir(dirname(cacheFolder), { recursive: true });
    await rename(tree, cacheFolder);
    return "the unpacked redis-server does not run";
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

function missing(reason: string): StackFailure {
  return new StackFailure(
    `redis-server is missing: ${reason}`,
    "install redis-server (Debian: apt-get install redis-server) so that it is on the PATH",
  );
}
