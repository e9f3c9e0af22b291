import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../src/process/run-command.ts";
import { obtainPromtool } from "../src/prometheus/promtool.ts";
import { PROJECT_ROOT } from "../src/stack/project-root.ts";
import { readTestServersConfig } from "../src/testing/config.ts";

const RULES = join(PROJECT_ROOT, "infra/prometheus/rules");
/** Forty minutes: longer than any alert waits. */
const SCRAPES = 160;
const EVALUATED_AT = "38m";
const INTERVAL = "15s";
const SAMPLED_AT = "db_pool_stats_last_sample_timestamp_seconds";

/**
 * The alerts that fire when what was scraped once goes on for forty minutes: gauges stay as they are,
 * what counters counted is counted again before each scrape, and a sampler that has read the pools
 * goes on reading. promtool evaluates the real rules.
 */
export async function firingAlerts(exposition: string): Promise<string[]> {
  const promtool = await obtainPromtool(readTestServersConfig().searchPath);
  const folder = await mkdtemp(join(tmpdir(), "orrery-alerts-"));
  try {
    const file = join(folder, "scene.test.yml");
    await writeFile(file, JSON.stringify(sceneOf(exposition, await ruleFiles())));
    const { code, stdout, stderr } = await runCommand(promtool, ["test", "rules", file]);
    const output = stdout + stderr;
    const got = output.split("got:")[1] ?? "";
    const names = [...got.matchAll(/alertname="(\w+)"/g)].map(([, name = ""]) => name);
    if ((code === 0) !== (names.length === 0)) throw new Error(`promtool said: ${output}`);
    return names.toSorted();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ruleFiles(): Promise<string[]> {
  const names = await readdir(RULES);
  return names
    .filter((name) => name.endsWith(".yml") && !name.endsWith(".test.yml"))
    .map((name) => join(RULES, name));
}

/** A test of promtool's that expects silence: it prints whatever fires. JSON is YAML. */
function sceneOf(exposition: string, rules: readonly string[]): object {
  return {
    rule_files: rules,
    evaluation_interval: INTERVAL,
    tests: [
      {
        interval: INTERVAL,
        input_series: seriesOf(exposition),
        promql_expr_test: [
          {
            expr: 'sum by (alertname) (ALERTS{alertstate="firing"})',
            eval_time: EVALUATED_AT,
            exp_samples: [],
          },
        ],
      },
    ],
  };
}

function seriesOf(exposition: string): object[] {
  const gauges = new Set(
    [...exposition.matchAll(/^# TYPE (\w+) gauge$/gm)].map(([, name]) => name),
  );
  return [...exposition.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].flatMap(
    ([, name = "", labels = "", value = ""]) => {
      if (!Number.isFinite(Number(value))) return [];
      const scraped = ['job="orrery"', 'service="billing"', 'instance="a"', labels].filter(Boolean);
      return [{ series: `${name}{${scraped.join(",")}}`, values: valuesOf(name, value, gauges) }];
    },
  );
}

function valuesOf(name: string, value: string, gauges: ReadonlySet<string | undefined>): string {
  if (name === SAMPLED_AT) return Number(value) === 0 ? `0x${SCRAPES}` : `0+15x${SCRAPES}`;
  return gauges.has(name) ? `${value}x${SCRAPES}` : `0+${value}x${SCRAPES}`;
}
