import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { errorCode, StackFailure } from "../stack-failure.ts";

/** The paths below the data directory. */
export interface DataDir {
  root: string;
  postgres: string;
  redis: string;
  logs: string;
  objects: string;
  ledgerFile: string;
  secretsFile: string;
  demoFile: string;
  processesFile: string;
}

/**
 * Makes the data directory when it is not there, readable by its owner alone.
 * @throws {StackFailure} when it cannot be made or written
 */
export function openDataDir(path: string): DataDir {
  const root = resolve(path);
  const logs = join(root, "logs");
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    accessSync(root, constants.W_OK | constants.X_OK);
    mkdirSync(logs, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StackFailure(
      `the data directory ${root} cannot be written (${errorCode(error) ?? "unknown reason"})`,
      "set ORRERY_DATA_DIR to a directory of your own, or give this user access to it",
      { cause: error },
    );
  }
  return {
    root,
    postgres: join(root, "postgres"),
    redis: join(root, "redis"),
    logs,
    objects: join(root, "objects"),
    ledgerFile: join(root, "ledger.json"),
    secretsFile: join(root, "secrets.json"),
    demoFile: join(root, "demo.json"),
    processesFile: join(root, "processes.json"),
  };
}
