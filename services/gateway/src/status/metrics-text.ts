/** One line of a Prometheus exposition. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a service's `/metrics`, looked up by name. */
export class MetricsText {
  readonly #samples: ReadonlyMap<string, readonly Sample[]>;

  /** Lines that are not samples are passed over. */
  constructor(text: string) {
    const samples = new Map<string, Sample[]>();
    for (const line of text.split("\n")) {
      const [, name, labels = "", value] = LINE.exec(line) ?? [];
      if (name === undefined || !Number.isFinite(Number(value))) continue;
      const sample = { name, labels: readLabels(labels), value: Number(value) };
      const known = samples.get(name);
      if (known === undefined) samples.set(name, [sample]);
      else known.push(sample);
    }
    this.#samples = samples;
  }

  /** The only sample of this name; undefined when there is none. */
  value(name: string): number | undefined {
    return this.#samples.get(name)?.[0]?.value;
  }

  /** Summed by the values of one label; undefined when the metric is not there. */
  by(name: string, label: string): Readonly<Record<string, number>> | undefined {
    const samples = this.#samples.get(name);
    if (samples === undefined) return undefined;
    const sums: Record<string, number> = {};
    for (const { labels, value } of samples) {
      const key = labels[label] ?? "";
      sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  }
}

function readLabels(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, value] as const),
  );
}
