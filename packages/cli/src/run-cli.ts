import { parseArgs } from "node:util";
import { ConfigError } from "@orrery/common/config/env";
import { cleanIdempotency } from "./clean-idempotency.ts";
import { closeDifference } from "./close-difference.ts";
import {
  type Arguments,
  type Command,
  type Environment,
  EXIT,
  type ExitCode,
  type Output,
  UsageError,
} from "./command.ts";
import { DEAD_LETTER_COMMANDS } from "./events/dead/dead-letter-commands.ts";
import { dropRejected } from "./events/drop-rejected.ts";
import { listRejected } from "./events/list-rejected.ts";
import { replayRejected } from "./events/replay-rejected.ts";
import { backfillIndexer } from "./indexer/backfill-indexer.ts";
import { showIndexer } from "./indexer/indexer-status.ts";
import { rewindIndexer } from "./indexer/rewind-indexer.ts";
import { listDifferences } from "./list-differences.ts";
import { listUnknown } from "./list-unknown.ts";
import { migrate } from "./migrate.ts";
import { reconcile } from "./reconcile.ts";
import { resolveUnknown } from "./resolve-unknown.ts";
import { backfillStore, verifyStore } from "./store/store-runs.ts";
import { showStores } from "./store/store-status.ts";
import { switchStore } from "./store/store-switch.ts";

const COMMANDS: readonly Command[] = [
  migrate,
  reconcile,
  listDifferences,
  closeDifference,
  listUnknown,
  resolveUnknown,
  cleanIdempotency,
  showStores,
  switchStore,
  backfillStore,
  verifyStore,
  listRejected,
  replayRejected,
  dropRejected,
  ...DEAD_LETTER_COMMANDS,
  showIndexer,
  backfillIndexer,
  rewindIndexer,
];

interface Streams {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/** Runs one command line; gives the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCli(
  args: readonly string[],
  env: Environment,
  streams: Streams,
): Promise<ExitCode> {
  const { stdout, stderr } = streams;
  const parsed = parse(args);
  if (parsed === undefined) {
    stderr(usage());
    return EXIT.usage;
  }
  if (parsed === "help") {
    stdout(usage());
    return EXIT.ok;
  }
  const { command, given } = parsed;
  const output = outputOf(given.options.json === true, streams);
  try {
    return await command.run(output, env, given);
  } catch (error) {
    stderr(`orrery ${command.name}: ${explain(error)}\n`);
    if (!(error instanceof UsageError)) return EXIT.failed;
    stderr(`usage: orrery ${lineOf(command)}\n`);
    return EXIT.usage;
  }
}

function parse(
  args: readonly string[],
): "help" | { readonly command: Command; readonly given: Arguments } | undefined {
  const command = COMMANDS.find(({ name }) =>
    name.split(" ").every((word, index) => args[index] === word),
  );
  const words = command?.name.split(" ").length ?? 0;
  try {
    const { values, positionals: operands } = parseArgs({
      args: args.slice(words),
      allowPositionals: true,
      options: {
        ...command?.options,
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const options = values as Arguments["options"];
    if (options.help === true) return "help";
    if (command === undefined) return undefined;
    const isPlain = command.parameters === undefined;
    return isPlain && operands.length > 0 ? undefined : { command, given: { options, operands } };
  } catch {
    return undefined;
  }
}

function outputOf(isJson: boolean, { stdout, stderr }: Streams): Output {
  return {
    line: (text) => {
      if (!isJson) stdout(`${text}\n`);
    },
    progress: (text) => {
      if (!isJson) stderr(`${text}\n`);
    },
    json: (value) => {
      if (isJson) stdout(`${JSON.stringify(value, jsonValue)}\n`);
    },
  };
}

/** Stroops are exact: text, as everywhere on the wire. */
const jsonValue = (_key: string, value: unknown) =>
  typeof value === "bigint" ? value.toString() : value;

const lineOf = ({ name, parameters }: Command) =>
  parameters === undefined ? name : `${name} ${parameters}`;

function usage(): string {
  const commands = COMMANDS.map((command) => `  ${lineOf(command)}\n      ${command.summary}`);
  return ["usage: orrery <command> [--json]", "", ...commands, ""].join("\n");
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return `the database does not answer (${message})`;
  if (code === "28P01") return "the database refuses this user or password";
  if (code === "3D000") return "the server has no such database";
  return message;
}
