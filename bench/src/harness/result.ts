import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ratios, type Summary, summarize } from "../statistics/statistics.ts";
import { isFailure, judge, type Target, type Verdict } from "../statistics/verdict.ts";
import { TARGETS } from "../targets.ts";
import type { Bench, Fact, Figure, Outcome } from "./bench.ts";
import type { Machine } from "./machine.ts";

export interface JudgedFigure extends Figure {
  readonly summary: Summary;
  readonly rivalSummary?: Summary;
  readonly ratio?: Summary;
  readonly target?: Target;
  readonly verdict: Verdict;
}

/** Everything about one run of one bench: what is written to its file. */
export interface Result {
  readonly bench: string;
  readonly about: string;
  readonly isQuick: boolean;
  readonly startedAt: string;
  readonly seconds: number;
  /** Load of the machine, per core, when the bench began. */
  readonly loadBefore: number;
  readonly machine: Machine;
  readonly figures: readonly JudgedFigure[];
  readonly facts: readonly Fact[];
  readonly notes: Outcome["notes"];
  /** Why there are no figures. */
  readonly failure?: string;
}

export type Run = Pick<Result, "isQuick" | "startedAt" | "seconds" | "loadBefore" | "machine">;

export function resultOf(bench: Bench, run: Run, outcome: Outcome | string): Result {
  const { name, about } = bench;
  if (typeof outcome === "string") {
    return { bench: name, about, ...run, figures: [], facts: [], notes: {}, failure: outcome };
  }
  const figures = outcome.figures.map((figure) => judged(name, figure));
  assertNoTargetUnused(name, outcome.figures);
  return { bench: name, about, ...run, figures, facts: outcome.facts, notes: outcome.notes };
}

/** A target whose figure nobody measures any more would hold for ever. */
function assertNoTargetUnused(bench: string, figures: readonly Figure[]): void {
  const measured = figures.map(({ id }) => `${bench}/${id}`);
  const unused = Object.keys(TARGETS).filter(
    (key) => key.startsWith(`${bench}/`) && !measured.includes(key),
  );
  if (unused.length > 0) throw new Error(`nothing measures ${unused.join(", ")}`);
}

function judged(bench: string, figure: Figure): JudgedFigure {
  const summary = summarize(figure.runs);
  const target = TARGETS[`${bench}/${figure.id}`];
  const rival = figure.rival?.runs;
  const ratio = rival === undefined ? undefined : summarize(ratios(figure.runs, rival));
  const measured = target?.of === "ratio" ? ratio : summary;
  if (measured === undefined) throw new Error(`${bench}/${figure.id} has no rival to be held to`);
  return {
    ...figure,
    summary,
    ...(rival && { rivalSummary: summarize(rival) }),
    ...(ratio && { ratio }),
    ...(target && { target }),
    verdict: judge(measured, target),
  };
}

/** Whether the bench could not be played, or something that must hold did not. */
export function isBroken({ failure, facts }: Result): boolean {
  return failure !== undefined || facts.some(({ isHeld }) => !isHeld);
}

/** Whether a figure is below its target by more than the noise. */
export function isBelowTarget({ figures }: Result): boolean {
  return figures.some(({ verdict }) => isFailure(verdict));
}

const RESULTS_FOLDER = new URL("../../results/", import.meta.url);

/** Writes `bench/results/<name>.json`; a quick run, which is no result, beside it. Gives the path. */
export async function writeResult(result: Result): Promise<string> {
  const file = new URL(`${result.bench}${result.isQuick ? ".quick" : ""}.json`, RESULTS_FOLDER);
  await mkdir(RESULTS_FOLDER, { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return fileURLToPath(file);
}
