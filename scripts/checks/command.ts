import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./source-tree.ts";

/** What a finished command said, both streams in the order they came. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

const bin = (name: string) => join(root, "node_modules/.bin", name);

/** Runs a tool from `node_modules/.bin` and waits for it. Its output has no colours. */
export function runTool(name: string, args: readonly string[], directory = root): CommandResult {
  const child = spawnSync(bin(name), args, {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  if (child.error) throw child.error;
  return { exitCode: child.status ?? 1, output: child.stdout + child.stderr };
}

/** Runs a command from the root without blocking. */
export function runCommand(command: readonly string[]): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.on("error", reject);
  child.on("close", (code) => {
    resolve({ exitCode: code ?? 1, output });
  });
  return promise;
}

/**
 * Writes a small tree into a folder of its own, with the repository's installed packages in reach, hands
 * the folder to `work`, and removes it: how a check proves that its tool still sees a planted violation.
 */
export function withPlantedTree<Result>(
  texts: Readonly<Record<string, string>>,
  work: (directory: string) => Result,
): Result {
  const directory = mkdtempSync(join(tmpdir(), "orrery-check-"));
  try {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    linkPackages(directory, Object.keys(texts));
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Makes the tools and `@orrery/x` resolve in a planted tree, as the workspace's own links do. */
function linkPackages(directory: string, paths: readonly string[]): void {
  mkdirSync(join(directory, "node_modules/@orrery"), { recursive: true });
  symlinkSync(join(root, "node_modules/.bin"), join(directory, "node_modules/.bin"));
  for (const path of paths) {
    const name = /^(?:packages|services)\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (name === undefined) continue;
    symlinkSync(join(directory, dirname(path)), join(directory, "node_modules/@orrery", name));
  }
}
