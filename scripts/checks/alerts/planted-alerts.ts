import type { AlertSources } from "./alert-rules.ts";

const RULE = `groups:
  - name: planted
    rules:
      - alert: TooMuch
        expr: |
          sum by (service) (rate(much_total{kind="a"}[5m])) > 1
          and on (service) time() - much_seconds_count > 0
        labels:
          severity: page
        annotations:
          runbook_url: docs/runbooks/too-much.md
`;
const CASES = `tests:
  - alert_rule_test:
      - { alertname: TooMuch, eval_time: 1m, exp_alerts: [] }
      - alertname: TooMuch
        eval_time: 5m
        exp_alerts:
          - exp_labels: { severity: page }
`;
const PAGE = `# TooMuch

## What it means

Much.

## What to look at

It.

## What to do

Less.
`;
const FINE: AlertSources = {
  rules: { "infra/prometheus/rules/planted.yml": RULE },
  cases: { "infra/prometheus/rules/planted.test.yml": CASES },
  prometheus: "rule_files:\n  - rules/planted.yml\n",
  pages: { "docs/runbooks/too-much.md": PAGE },
  series: new Set(["much_total", "much_seconds_count"]),
};

const rule = (text: string) => ({ "infra/prometheus/rules/planted.yml": text });
const cases = (text: string) => ({ "infra/prometheus/rules/planted.test.yml": text });
const page = (text: string) => ({ "docs/runbooks/too-much.md": text });

/** Trees that the check must refuse, and one that it must let pass: a check that cannot fail guards nothing. */
export const plantedAlerts: readonly {
  readonly what: string;
  readonly isFine: boolean;
  readonly sources: AlertSources;
}[] = [
  { what: "an alert with all that it needs", isFine: true, sources: FINE },
  ...Object.entries({
    "no rules": { rules: {} },
    "an alert that no case has fire": { cases: cases(CASES.split("      - alertname")[0] ?? "") },
    "an alert that no case has silent": { cases: cases(CASES.replace("[]", "\n  - a")) },
    "an alert without a page": { pages: {} },
    "an alert without a link": { rules: rule(RULE.replace(/runbook_url.*/, "summary: much")) },
    "a page of another name": { pages: page(PAGE.replace("TooMuch", "TooLittle")) },
    "a page that tells of nothing to do": { pages: page(PAGE.replace("## What to do", "## More")) },
    "a page that no alert links to": {
      pages: { ...FINE.pages, "docs/runbooks/nothing.md": PAGE },
    },
    "a metric that is not there": { series: new Set(["much_total"]) },
    "a metric without its suffix": { rules: rule(RULE.replace("much_total", "much")) },
    "rules that nobody loads": { prometheus: "rule_files:\n" },
  }).map(([what, changes]) => ({ what, isFine: false, sources: { ...FINE, ...changes } })),
];
