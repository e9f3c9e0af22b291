import { closeSync, existsSync, openSync, readSync, truncateSync } from "node:fs";
import type { JournalLine } from "./journal-line.ts";

const READ_BYTES = 1_048_576;
const NEWLINE = 10;

/**
 * Reads the lines of a journal; there are none when the file does not exist. A last line that
 * was cut off by a crash is removed from the file.
 * @throws when a whole line does not parse
 */
export function readJournalLines(path: string): JournalLine[] {
  if (!existsSync(path)) return [];
  const lines: JournalLine[] = [];
  let wholeBytes = 0;
  let rest = Buffer.alloc(0);
  for (const chunk of chunksOf(path)) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      lines.push(parseLine(rest.toString("utf8", start, end), path, lines.length + 1));
      start = end + 1;
    }
    wholeBytes += start;
    rest = rest.subarray(start);
  }
  if (rest.length > 0) truncateSync(path, wholeBytes);
  return lines;
}

function parseLine(text: string, path: string, number: number): JournalLine {
  try {
    return JSON.parse(text) as JournalLine;
  } catch (cause) {
    throw new Error(`${path}: line ${number} is damaged`, { cause });
  }
}

function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    for (;;) {
      const buffer = Buffer.alloc(READ_BYTES);
      const length = readSync(file, buffer, 0, READ_BYTES, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
