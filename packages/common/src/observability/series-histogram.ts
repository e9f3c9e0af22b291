import { Histogram } from "@prometheus-io/client";
import type { MetricsRegistry } from "./metrics.ts";

interface SeriesHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
  readonly registry: MetricsRegistry;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One series of a histogram: its labels are written down once, an observation only counts. */
export class HistogramSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly #bounds: Float64Array;
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(labels: Readonly<Record<string, string>>, bounds: Float64Array) {
    this.labels = labels;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let place = 0;
    while (place < this.#bounds.length && value > (this.#bounds[place] ?? 0)) place += 1;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += value;
  }

  /** As the registry wants it: buckets add up, then the sum and the count. */
  samples(name: string): readonly Sample[] {
    const sharedLabels = this.labels;
    let value = 0;
    const buckets = [...this.#counts].map((own, place) => {
      value += own;
      const le = this.#bounds[place] ?? "+Inf";
      return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value },
    ];
  }
}

/**
 * A histogram of the library's registry whose series are found once and then kept by whoever
 * observes: the library's own checks, joins and hashes the labels at every observation, and looks the
 * bucket up by its number written as text.
 * @see docs/adr/0019-measuring-requests-and-queries.md
 */
export class SeriesHistogram extends Histogram<string> {
  readonly #name: string;
  readonly #help: string;
  readonly #labelNames: readonly string[];
  readonly #bounds: Float64Array;
  /** By their labels' values: the same twice would make the whole exposition unreadable. */
  readonly #series = new Map<string, HistogramSeries>();

  constructor({ name, help, labelNames, buckets, registry }: SeriesHistogramOptions) {
    super({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [registry],
    });
    this.#name = name;
    this.#help = help;
    this.#labelNames = labelNames;
    this.#bounds = Float64Array.from(buckets);
  }

  /** The series with these labels; every one of the metric's. Look it up once, and keep it. */
  series(labels: Readonly<Record<string, string>>): HistogramSeries {
    const key = JSON.stringify(this.#labelNames.map((name) => labels[name]));
    const series = this.#series.get(key) ?? new HistogramSeries(labels, this.#bounds);
    this.#series.set(key, series);
    return series;
  }

  /** What the registry writes, and what the library's `get` is made from. */
  async getForPromString() {
    const values = [...this.#series.values()].flatMap((series) => series.samples(this.#name));
    return { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
  }
}
