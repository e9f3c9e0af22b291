import { parseArgs } from "node:util";

export interface Options {
  /** The benches to play, in order. */
  readonly names: readonly string[];
  readonly isQuick: boolean;
  /** Exit non-zero on a figure below its target. */
  readonly isCheck: boolean;
  /** Print JSON instead of the table. */
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

/** @throws {TypeError | RangeError} for an unknown flag or bench */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new RangeError(`no bench is called ${unknown.join(", ")}; there are ${known.join(", ")}`);
  }
  return {
    names: positionals.length > 0 ? positionals : known,
    isQuick: values.quick,
    isCheck: values.check,
    isJson: values.json,
    isHelp: values.help,
  };
}
