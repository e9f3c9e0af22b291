import { obtainDebianProgram } from "../debian/debian-packages.ts";
import { findRedisServer, type RedisProgram } from "./redis-server.ts";

/** What redis-server needs that a slim Debian image may lack, itself first. */
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

export interface RedisSources {
  /** The PATH to search. */
  searchPath: string;
  /** Where Debian's packages are unpacked; outside the system, inside the project. */
  cacheFolder: string;
  /** Told what is being done when it takes a while. */
  onProgress?: (text: string) => void;
}

/**
 * A redis-server of this machine, or Debian's.
 * @throws {StackFailure} naming what is missing when there is none to be had
 */
export async function obtainRedisServer(sources: RedisSources): Promise<RedisProgram> {
  const { searchPath, cacheFolder, onProgress } = sources;
  return obtainDebianProgram({
    name: "redis-server",
    packages: PACKAGES,
    cacheFolder,
    find: () => findRedisServer(searchPath, cacheFolder),
    onProgress,
  });
}
