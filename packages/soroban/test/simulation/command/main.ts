import { parseArgs } from "node:util";
import { FAULT_NAMES, type FaultName } from "../faults.ts";
import { GUARDS } from "../workload/guards.ts";
import { type RunOptions, type RunResult, World } from "../world.ts";
import { ProgressLine } from "./progress-line.ts";
import { soak } from "./soak.ts";

const USAGE = `usage: npm run sim -- --seeds N [--seed S] [--requests R] [--faults all|none|a,b] [--guards G] [--trace]
  --seeds     how many seeds to run (100)
  --seed      the first of them (0)
  --requests  requests in each (200)
  --faults    ${FAULT_NAMES.join(", ")}
  --guards    ${GUARDS.join(", ")}; by default each seed takes its turn
  --trace     print what happens, line by line; with one seed`;

interface Arguments {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly isTraced: boolean;
  readonly run: Pick<RunOptions, "requests" | "faults" | "guards">;
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "100" },
      seed: { type: "string", default: "0" },
      requests: { type: "string", default: "200" },
      faults: { type: "string", default: "all" },
      guards: { type: "string" },
      trace: { type: "boolean", default: false },
    },
  });
  const guards = values.guards === undefined ? undefined : oneOf(GUARDS, values.guards);
  return {
    firstSeed: wholeNumber(values.seed, 0),
    seeds: wholeNumber(values.seeds, 1),
    isTraced: values.trace,
    run: {
      requests: wholeNumber(values.requests, 1),
      faults: readFaults(values.faults),
      ...(guards !== undefined && { guards }),
    },
  };
}

function wholeNumber(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new Error(`not a number: ${text}`);
  return value;
}

function readFaults(text: string): readonly FaultName[] {
  if (text === "all") return FAULT_NAMES;
  if (text === "none") return [];
  return text.split(",").map((name) => oneOf(FAULT_NAMES, name));
}

function oneOf<Name extends string>(names: readonly Name[], text: string): Name {
  const name = names.find((candidate) => candidate === text);
  if (name === undefined) throw new Error(`${text} is none of ${names.join(", ")}`);
  return name;
}

function report({ seed, guards, violation }: RunResult, run: Arguments["run"]): void {
  if (violation === undefined) return;
  const options = [
    `--seeds 1 --seed ${seed} --requests ${run.requests}`,
    run.faults.length === FAULT_NAMES.length ? "" : ` --faults ${run.faults.join() || "none"}`,
    run.guards === undefined ? "" : ` --guards ${run.guards}`,
  ];
  console.error(`\nseed ${seed} (guards: ${guards}) breaks "${violation.invariant}"`);
  console.error(`  ${violation.detail}`);
  console.error(`  replay: npm run sim -- ${options.join("")} --trace`);
}

async function replay(args: Arguments): Promise<boolean> {
  const result = await new World({ ...args.run, seed: args.firstSeed, isTraced: true }).run();
  console.log(result.trace.join("\n"));
  console.log(`trace ${result.traceHash}: ${result.charges} charges, ${result.ledgers} ledgers`);
  report(result, args.run);
  return result.violation === undefined;
}

async function soakAll(args: Arguments): Promise<boolean> {
  const line = new ProgressLine(args.seeds, args.run.requests);
  await soak({
    ...args.run,
    firstSeed: args.firstSeed,
    seeds: args.seeds,
    onResult: (result) => {
      line.add(result);
      report(result, args.run);
    },
  });
  line.end();
  return line.violations === 0;
}

try {
  const args = readArguments(process.argv.slice(2));
  const isHeld = args.isTraced && args.seeds === 1 ? await replay(args) : await soakAll(args);
  process.exitCode = isHeld ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 2;
}
