/** What a panel's numbers are; Grafana's names of units. */
export type Unit = "short" | "s" | "percentunit" | "reqps" | "ops";

export interface Query {
  /** PromQL. */
  readonly expr: string;
  /** The name of a line, of its labels. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What to make of it: when it is good, what else to look at. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From here on it is bad: drawn as a line. */
  readonly limit?: number;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A dashboard, as people write it; `boardJson` makes Grafana's of it. */
export interface Board {
  /** Its address in Grafana, and its file's name. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

/** A counter's rate by labels. */
export const rateBy = (metric: string, labels: string): string =>
  `sum by (${labels}) (rate(${metric}[$__rate_interval]))`;

/** A histogram's quantile by labels. */
export const quantileBy = (quantile: number, metric: string, labels: string): string =>
  `histogram_quantile(${quantile}, sum by (le, ${labels}) (rate(${metric}_bucket[$__rate_interval])))`;
