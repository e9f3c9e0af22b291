import { join } from "node:path";
import { obtainPromtool } from "../../packages/devstack/src/prometheus/promtool.ts";
import { describeFailure } from "../../packages/devstack/src/stack-failure.ts";
import { type RegisteredMetric, readRegisteredMetrics } from "../generate/registered-metrics.ts";
import { type AlertSources, alertFaults } from "./alerts/alert-rules.ts";
import { plantedAlerts } from "./alerts/planted-alerts.ts";
import { runCommand } from "./command.ts";
import { root, treeOnDisk } from "./source-tree.ts";

const RULES = /^infra\/prometheus\/rules\/[^/]+\.yml$/;
const CASES = /\.test\.yml$/;
const PAGES = /^docs\/runbooks\/[^/]+\.md$/;
const tree = treeOnDisk();

function textsOf(isWanted: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(tree.files.filter(isWanted).map((path) => [path, tree.read(path)]));
}

function seriesOf({ name, type }: RegisteredMetric): string[] {
  return type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

/** What promtool finds: rules that are none, and cases that end otherwise than they say. */
async function promtoolFaults({ rules, cases }: AlertSources): Promise<string[]> {
  const promtool = await obtainPromtool(process.env.PATH ?? "", (text) => console.log(text));
  const onDisk = (files: object) => Object.keys(files).map((file) => join(root, file));
  const runs = [
    [promtool, "check", "config", join(root, "infra/prometheus/prometheus.yml")],
    [promtool, "test", "rules", ...onDisk(cases)],
  ];
  const results = await Promise.all(runs.map((command) => runCommand(command)));
  if (Object.keys(rules).length === 0) return ["there are no rules"];
  return results.filter(({ exitCode }) => exitCode !== 0).map(({ output }) => output.trimEnd());
}

const sources: AlertSources = {
  rules: textsOf((path) => RULES.test(path) && !CASES.test(path)),
  cases: textsOf((path) => RULES.test(path) && CASES.test(path)),
  prometheus: tree.read("infra/prometheus/prometheus.yml"),
  pages: textsOf((path) => PAGES.test(path)),
  series: new Set(readRegisteredMetrics().flatMap(seriesOf)),
};
const faults = [
  ...alertFaults(sources),
  ...plantedAlerts
    .filter(({ isFine, sources: planted }) => isFine !== (alertFaults(planted).length === 0))
    .map(({ what }) => `the check itself is wrong about ${what}`),
  ...(await promtoolFaults(sources).catch((error: unknown) => [describeFailure(error)])),
];
for (const fault of faults) console.error(fault);
console.log(`${Object.keys(sources.pages).length} alerts with a page, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
