import type { Summary } from "../statistics/statistics.ts";
import type { Target } from "../statistics/verdict.ts";
import type { JudgedFigure, Result } from "./result.ts";
import { formatNumber } from "./rounds.ts";

const HEADINGS = ["bench", "figure", "ours", "rival", "ratio", "target", "verdict"];

/** The results as a table of plain text, then what did not hold or could not be played. */
export function formatTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ bench, figures }) =>
    figures.map((figure) => [bench, ...cells(figure)]),
  );
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_heading, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, ...results.flatMap(remarks), ...quickRemark(results)].join("\n");
}

function quickRemark(results: readonly Result[]): string[] {
  const isQuick = results.some((result) => result.isQuick);
  return isQuick ? ["--quick: this shows that the benches work, and nothing about speed"] : [];
}

function cells(figure: JudgedFigure): string[] {
  const { label, unit, summary, rival, rivalSummary, ratio, target, verdict } = figure;
  return [
    label,
    `${withSpread(summary)} ${unit}`,
    rivalSummary && rival ? `${withSpread(rivalSummary)} ${rival.name}` : "",
    ratio ? withSpread(ratio) : "",
    target ? targetText(target) : "",
    verdict,
  ];
}

function withSpread({ median, spread }: Summary): string {
  return `${formatNumber(median)} ±${Math.round((spread / 2) * 100)} %`;
}

function targetText(target: Target): string {
  const bound = "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  return `${bound}${target.of === "ratio" ? " ×" : ""}`;
}

function remarks({ bench, facts, failure }: Result): string[] {
  if (failure !== undefined) return [`${bench}: ${failure}`];
  return facts.map(
    ({ what, isHeld, detail }) => `${isHeld ? "✓" : "✗"} ${bench}: ${what} (${detail})`,
  );
}
