import { readdirSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, without a trailing slash. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Files and their text; a rule sees only this, so that its self-test can hand it a violation. */
export interface SourceTree {
  /** Paths from the root, with forward slashes, sorted. */
  readonly files: readonly string[];
  read(path: string): string;
}

/** A tree that exists only in memory: path → text. */
export function treeOf(texts: Readonly<Record<string, string>>): SourceTree {
  return {
    files: Object.keys(texts).toSorted(),
    read: (path) => texts[path] ?? "",
  };
}

/**
 * The tree on disk as git would see it, committed or not. It walks folders itself, so that an unpacked
 * archive without a `.git` folder is checked the same way; it knows the plain lines of `.gitignore` only.
 */
export function treeOnDisk(directory = root): SourceTree {
  const ignored = readFileSync(join(directory, ".gitignore"), "utf8")
    .split("\n")
    .map((line) => line.trim().replace(/\/$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
  const isIgnored = (name: string) =>
    name === ".git" || ignored.some((pattern) => matchesGlob(name, pattern));

  const files: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      if (isIgnored(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files.push(path);
    }
  };
  walk("");
  return { files: files.toSorted(), read: (path) => readFileSync(join(directory, path), "utf8") };
}

/** Whether a path is code of ours: what is linted, sized and read for words. */
export const isCode = (path: string) => /\.(ts|mts|mjs|js|cjs)$/.test(path);

/** Whether a path is a test or exists for tests only. */
export const isTestCode = (path: string) =>
  /\.(test|contract)\.ts$/.test(path) || /(^|\/)(test|testing)\//.test(path);

/** The folders of the workspace's projects: `packages/common`, `services/billing` … */
export function projectFolders(tree: SourceTree): string[] {
  return tree.files
    .filter((path) => /^(packages|services)\/[^/]+\/package\.json$/.test(path))
    .map((path) => path.replace(/\/package\.json$/, ""));
}
