import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** The repository's root, without a trailing slash. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The text of a file, by its path from the root. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** What a YAML file says, by its path from the root; merge keys (`<<`) are resolved. */
export const readYaml = (path: string): unknown => parse(readText(path), { merge: true });

/** Whether a value is an object with fields, not a list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of an object; none of what is not one. */
export const fieldsOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** The elements of a list; none of what is not one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
