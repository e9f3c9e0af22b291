import { dirname } from "node:path/posix";
import { isCode, isTestCode } from "../source-tree.ts";
import type { Rule } from "./rule.ts";

const MAX_ROOT_ENTRIES = 25;
const MAX_FOLDER_SOURCES = 14;
const MAX_SOURCE_LINES = 400;
const MAX_TEST_LINES = 600;

const isGenerated = (path: string) => /(^|\/)generated\/|\.d\.ts$/.test(path);
const isSized = (path: string) => (isCode(path) || path.endsWith(".sh")) && !isGenerated(path);
const lineCount = (text: string) => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
const lines = (count: number) => "x;\n".repeat(count);
const sources = (folder: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${folder}/file-${index}.ts`, ""]),
  );

const rootEntries: Rule = {
  name: "the root is a table of contents",
  find: ({ files }) => {
    const entries = new Set(files.map((path) => path.split("/")[0]));
    return entries.size < MAX_ROOT_ENTRIES
      ? []
      : [`${entries.size} entries at the root; fewer than ${MAX_ROOT_ENTRIES} are allowed`];
  },
  refuses: [
    Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`notes-${index}.md`, ""])),
  ],
  accepts: [sources("packages", 40)],
};

const fileSize: Rule = {
  name: "files are short",
  find: (tree) =>
    tree.files.filter(isSized).flatMap((path) => {
      const limit = isTestCode(path) ? MAX_TEST_LINES : MAX_SOURCE_LINES;
      const count = lineCount(tree.read(path));
      return count > limit ? [`${path}: ${count} lines; split it at ${limit}`] : [];
    }),
  refuses: [{ "src/long.ts": lines(401) }, { "src/long.test.ts": lines(601) }],
  accepts: [{ "src/full.ts": lines(400) }, { "src/full.test.ts": lines(600) }],
};

const folderSize: Rule = {
  name: "folders hold few files",
  find: ({ files }) => {
    const counts = new Map<string, number>();
    for (const path of files) {
      // Migrations are a numbered list: splitting it would hide its order.
      if (!isCode(path) || isTestCode(path) || dirname(path).endsWith("/migrations")) continue;
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    }
    return [...counts]
      .filter(([, count]) => count > MAX_FOLDER_SOURCES)
      .map(([folder, count]) => `${folder}: ${count} source files; over 14 it wants to be two`);
  },
  refuses: [sources("services/billing/src/vaults", 15)],
  accepts: [sources("services/billing/src/vaults", 14), sources("src/migrations", 30)],
};

export const sizeRules: readonly Rule[] = [rootEntries, fileSize, folderSize];
