/** What is read of the alerts, their cases and their pages; texts alone, so that the check can be checked. */
export interface AlertSources {
  /** Path → text, of `rules/*.yml`. */
  readonly rules: Readonly<Record<string, string>>;
  /** Path → text, of `rules/*.test.yml`. */
  readonly cases: Readonly<Record<string, string>>;
  /** The list of rule files that Prometheus is given. */
  readonly prometheus: string;
  /** Path → text, of the pages. */
  readonly pages: Readonly<Record<string, string>>;
  /** Names of series that the services expose: histograms as their parts. */
  readonly series: ReadonlySet<string>;
}

interface Alert {
  readonly name: string;
  readonly file: string;
  readonly expression: string;
  readonly runbook: string | undefined;
}

/** What a page tells, in this order. */
const HEADINGS = ["## What it means", "## What to look at", "## What to do"];
const WORDS = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan"]);

/** Everything that is wrong, in words. */
export function alertFaults(sources: AlertSources): string[] {
  const alerts = Object.entries(sources.rules).flatMap(([file, text]) => alertsOf(file, text));
  if (alerts.length === 0) return ["no alert was seen"];
  const cases = casesOf(Object.values(sources.cases).join("\n"));
  const linked = new Set(alerts.map(({ runbook }) => runbook));
  return [
    ...alerts.flatMap((alert) => [
      ...caseFaults(alert, cases),
      ...pageFaults(alert, sources.pages),
      ...seriesFaults(alert, sources.series),
    ]),
    ...Object.keys(sources.rules)
      .filter((file) => !sources.prometheus.includes(`- ${file.split("/").slice(-2).join("/")}\n`))
      .map((file) => `${file}: prometheus.yml does not load it`),
    ...Object.keys(sources.pages)
      .filter((page) => !linked.has(page))
      .map((page) => `${page}: no alert links to it`),
  ];
}

function alertsOf(file: string, text: string): Alert[] {
  return text
    .split(/^\s*- alert: /m)
    .slice(1)
    .map((rule) => ({
      name: rule.split("\n", 1)[0] ?? "",
      file,
      expression: /^\s*expr:([\s\S]*?)^\s*(?:for|labels|annotations):/m.exec(rule)?.[1] ?? "",
      runbook: /^\s*runbook_url: (\S+)$/m.exec(rule)?.[1],
    }));
}

/** Alert → whether some case expects it, and whether some case expects that it is silent. */
function casesOf(text: string): Map<string, { fires: boolean; isSilent: boolean }> {
  const cases = new Map<string, { fires: boolean; isSilent: boolean }>();
  for (const [, name = "", expected] of text.matchAll(
    /alertname: (\w+)[^[]*?exp_alerts:\s*(\[\])?/g,
  )) {
    const known = cases.get(name) ?? { fires: false, isSilent: false };
    if (expected === undefined) known.fires = true;
    else known.isSilent = true;
    cases.set(name, known);
  }
  return cases;
}

function caseFaults(
  { name, file }: Alert,
  cases: ReadonlyMap<string, { fires: boolean; isSilent: boolean }>,
): string[] {
  const { fires = false, isSilent = false } = cases.get(name) ?? {};
  return [
    ...(fires ? [] : [`${file}: no case has ${name} fire`]),
    ...(isSilent ? [] : [`${file}: no case has ${name} stay silent`]),
  ];
}

function pageFaults({ name, file, runbook }: Alert, pages: AlertSources["pages"]): string[] {
  if (runbook === undefined) return [`${file}: ${name} has no runbook_url`];
  const page = pages[runbook];
  if (page === undefined) return [`${file}: ${name} links to ${runbook}, which is not there`];
  if (!page.startsWith(`# ${name}\n`)) return [`${runbook}: its title is not ${name}`];
  const places = HEADINGS.map((heading) => page.indexOf(`\n${heading}\n`));
  const isInOrder = places.every((place, index) => place > (places[index - 1] ?? 0));
  return isInOrder ? [] : [`${runbook}: wants ${HEADINGS.map((line) => `"${line}"`).join(", ")}`];
}

/** Names in an expression that no service exposes: an alert on one could never fire. */
function seriesFaults({ name, file, expression }: Alert, series: ReadonlySet<string>): string[] {
  const names = expression
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, " ")
    .replaceAll(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ")
    .matchAll(/[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()/g);
  const used = [...names].map(([found]) => found).filter((found) => !WORDS.has(found));
  if (used.length === 0) return [`${file}: ${name} has no expression that could be read`];
  return used
    .filter((found) => !series.has(found))
    .map((found) => `${file}: ${name} asks for ${found}, which no service exposes`);
}
