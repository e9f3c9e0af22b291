import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";
import { readTestServersConfig } from "../../src/testing/config.ts";
import { TestPrometheus } from "./prometheus.ts";
import { consumerOf, startTestStack, type TestStack } from "./test-stack.ts";

const FOLDER = join(PROJECT_ROOT, "infra/grafana/dashboards");
const AGAIN = { timeout: 60_000, interval: 500 };
/** What Grafana puts in the place of its variable, for a scrape twice a second. */
const RATE_INTERVAL = "20s";

interface Dashboard {
  readonly title: string;
  readonly panels: readonly { title: string; targets?: readonly { expr: string }[] }[];
}

/** Every query of every panel, with where it stands. */
function readQueries(): readonly (readonly [panel: string, expr: string])[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const { title, panels } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Dashboard;
    return panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }) => [`${title} / ${panel.title}`, expr] as const),
    );
  });
}

describe("the dashboards, on a Prometheus that scrapes the stack under load", () => {
  let stack: TestStack;
  let prometheus: TestPrometheus;
  const stopping = new AbortController();
  let load: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    stack = await startTestStack();
    const { gatewayUrl, billingUrl, catalogUrl } = stack.demo();
    prometheus = await TestPrometheus.start(readTestServersConfig().searchPath, {
      gateway: gatewayUrl,
      billing: billingUrl,
      catalog: catalogUrl,
    });
    load = useEverything();
  });
  afterAll(async () => {
    stopping.abort();
    await load;
    await prometheus?.stop();
    await stack?.stop();
  });

  async function useEverything(): Promise<void> {
    const { client, deduct } = consumerOf(stack.demo());
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      await deduct(`seen-${turn}`);
      await deduct(`seen-${turn}`);
      await client.call("GET", "/billing/usage?limit=5");
      await client.call("GET", "/leaderboard/most-burned");
      await client.call("GET", "/tokens/search");
      await client.call("GET", "/stats");
    }
  }

  it("have data in every query of every panel", async () => {
    const queries = readQueries();
    expect(queries.length).toBeGreaterThan(40);
    await expect
      .poll(async () => {
        const answers = await Promise.all(
          queries.map(async ([panel, expr]) => {
            const values = await prometheus.query(
              expr.replaceAll("$__rate_interval", RATE_INTERVAL),
            );
            return values.some(Number.isFinite) ? [] : [`${panel}: ${expr}`];
          }),
        );
        return answers.flat();
      }, AGAIN)
      .toEqual([]);
  });
});
