import { describe, expect, it } from "vitest";
import { ErrorLines } from "./error-lines.ts";

function shown(chunks: readonly string[], isPlainShown = true): string[] {
  const lines: string[] = [];
  const errors = new ErrorLines((line) => lines.push(line), { isPlainShown });
  for (const chunk of chunks) errors.add(Buffer.from(chunk));
  return lines;
}

describe("what a process's output shows on the terminal", () => {
  it("is its error entries, by message and cause, and no lesser ones", () => {
    const entries = [
      { level: "info", msg: "request completed" },
      { level: "error", msg: "relay failed", err: { message: "connection lost" } },
      { level: "fatal", msg: "gone" },
    ];
    expect(shown([entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")])).toEqual([
      "relay failed: connection lost",
      "gone",
    ]);
  });

  it("is put together from chunks that end within a line", () => {
    expect(shown(['{"level":"err', 'or","msg":"half"}\n{"lev'])).toEqual(["half"]);
  });

  it("leaves the stack of an uncaught error in the log", () => {
    const uncaught = [
      "node:internal/modules/loader:12",
      "  throw err;",
      "  ^",
      "",
      "Error: cannot find the module",
      "    at resolve (node:internal/x:1:2)",
      "}",
      "Node.js v24.0.0",
    ];
    expect(shown([`${uncaught.join("\n")}\n`])).toEqual(["Error: cannot find the module"]);
  });

  it("includes plain lines only where they are asked for", () => {
    expect(shown(["billing cannot start: port taken\n"])).toEqual([
      "billing cannot start: port taken",
    ]);
    expect(shown(["LOG: checkpoint\n"], false)).toEqual([]);
  });
});
