import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { errorCode, StackFailure } from "../stack-failure.ts";

/**
 * The JSON in a file of ours; undefined when it is not there.
 * @throws {StackFailure} when it is not JSON
 */
export function readPrivateJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new StackFailure(
      `${path} cannot be read`,
      "restore it, or remove the data directory to start anew",
      { cause: error },
    );
  }
}

/** Replaces the file in one step; only its owner can read it (0600). */
export function writePrivateJson(path: string, value: unknown): void {
  const next = `${path}.next`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}
