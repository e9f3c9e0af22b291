import type { Cleanup } from "./cleanup.ts";

/** One measured quantity: ours round by round, and the rival's in the same rounds. */
export interface Figure {
  /** Names its target: `<bench>/<id>` in targets.ts. */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly runs: readonly number[];
  readonly rival?: { readonly name: string; readonly runs: readonly number[] };
}

/** What must hold for the figures to mean anything. One that does not hold fails the bench. */
export interface Fact {
  readonly what: string;
  readonly isHeld: boolean;
  readonly detail: string;
}

export interface Outcome {
  readonly figures: readonly Figure[];
  readonly facts: readonly Fact[];
  /** How it was measured, where a reader of the figures has to know. */
  readonly notes: Readonly<Record<string, string | number>>;
}

export interface BenchContext {
  readonly isQuick: boolean;
  /** Rounds that count; one more is played before them to warm up. */
  readonly rounds: number;
  /** Everything that a bench starts is ended by this, in reverse order, also after Ctrl-C. */
  readonly cleanup: Cleanup;
  /** A line of progress. */
  readonly say: (text: string) => void;
}

export interface Bench {
  readonly name: string;
  /** One line: what is measured, against what. */
  readonly about: string;
  readonly run: (context: BenchContext) => Promise<Outcome>;
}

/** This machine or this build lacks something without which the bench says nothing. */
export class BenchUnavailable extends Error {}

/** The full size, or the one of `--quick`. */
export function sized<Size>(context: BenchContext, full: Size, quick: Size): Size {
  return context.isQuick ? quick : full;
}
