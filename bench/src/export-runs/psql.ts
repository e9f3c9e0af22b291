import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { runCommand } from "@orrery/devstack/process/run-command";
import { BenchUnavailable } from "../harness/bench.ts";

const DEBIAN_FOLDER = "/usr/lib/postgresql";

export interface Psql {
  readonly version: string;
  /** Runs a `COPY … TO STDOUT` and throws its output away; gives the milliseconds that it took. */
  copy(statement: string): Promise<number>;
}

/** Debian's newest, or the one on the PATH. @throws {BenchUnavailable} when there is none */
export async function findPsql(databaseUrl: string): Promise<Psql> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const candidates = newestFirst.map((version) => `${DEBIAN_FOLDER}/${version}/bin/psql`);
  for (const file of [...candidates, "psql"]) {
    const { code, stdout } = await runCommand(file, ["--version"]);
    if (code === 0) {
      const copy = (statement: string) => timeCopy(file, databaseUrl, statement);
      return { version: stdout.trim(), copy };
    }
  }
  throw new BenchUnavailable(
    "psql is not on this machine; install Debian's postgresql-client package or put psql on the PATH",
  );
}

async function timeCopy(file: string, databaseUrl: string, statement: string): Promise<number> {
  const args = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement];
  const startMs = performance.now();
  const child = spawn(file, [...args, databaseUrl], { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`psql ended with ${code}`);
  return performance.now() - startMs;
}
