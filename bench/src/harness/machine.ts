import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, release, totalmem } from "node:os";

/** Where and on what a result was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMib: number;
  readonly kernel: string;
  readonly node: string;
  readonly commit: string;
  readonly packages: Readonly<Record<string, string>>;
}

const PACKAGES = ["@stellar/stellar-sdk", "autocannon", "pg"];

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryMib: Math.round(totalmem() / 1_048_576),
    kernel: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    commit: commitOf(),
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

/** Processes that wanted to run during the last minute, per core: above 0.5 somebody else is busy. */
export function loadPerCore(): number {
  return (loadavg()[0] ?? 0) / cpus().length;
}

function commitOf(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}

function versionOf(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      const manifest = readFileSync(`${folder}/${name}/package.json`, "utf8");
      return (JSON.parse(manifest) as { version: string }).version;
    } catch {}
  }
  return "unknown";
}
