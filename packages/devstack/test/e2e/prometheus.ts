import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type RunningChild, startChild } from "../../src/process/child-process.ts";
import { findFreePort } from "../../src/process/free-port.ts";
import { waitUntil } from "../../src/process/wait-until.ts";
import { obtainPromtool } from "../../src/prometheus/promtool.ts";
import { answersOk } from "../../src/stack/node-process.ts";

const HOST = "127.0.0.1";
const STOP_GRACE_MS = 5_000;
const START_TIMEOUT_MS = 30_000;

/** A real Prometheus that scrapes twice a second. */
export class TestPrometheus {
  readonly #url: string;
  readonly #child: RunningChild;
  readonly #folder: string;

  private constructor(url: string, child: RunningChild, folder: string) {
    this.#url = url;
    this.#child = child;
    this.#folder = folder;
  }

  /** `targets`: the address of each service, by its name. */
  static async start(
    searchPath: string,
    targets: Readonly<Record<string, string>>,
  ): Promise<TestPrometheus> {
    const file = join(dirname(await obtainPromtool(searchPath)), "prometheus");
    const folder = await mkdtemp(join(tmpdir(), "orrery-prometheus-"));
    const scraped = Object.entries(targets).map(([service, url]) => ({
      targets: [new URL(url).host],
      labels: { service },
    }));
    // JSON is YAML.
    const config = {
      global: { scrape_interval: "500ms", scrape_timeout: "400ms" },
      scrape_configs: [{ job_name: "orrery", static_configs: scraped }],
    };
    await writeFile(join(folder, "prometheus.yml"), JSON.stringify(config));
    const url = `http://${HOST}:${await findFreePort()}`;
    const child = await startChild({
      name: "prometheus",
      file,
      args: [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${new URL(url).host}`,
      ],
      onOutput: () => undefined,
    });
    const prometheus = new TestPrometheus(url, child, folder);
    try {
      await waitUntil(
        "Prometheus is ready",
        () => {
          if (!child.isRunning()) throw new Error("Prometheus ended");
          return answersOk(`${url}/-/ready`).catch(() => false);
        },
        { timeoutMs: START_TIMEOUT_MS },
      );
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
    return prometheus;
  }

  /** The values that an expression has now. @throws Error when it is none */
  async query(expr: string): Promise<readonly number[]> {
    const response = await fetch(`${this.#url}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query: expr }),
    });
    const { status, error, data } = (await response.json()) as {
      status: string;
      error?: string;
      data?: { result: { value: [number, string] }[] };
    };
    if (status !== "success") throw new Error(`${expr}: ${error}`);
    return (data?.result ?? []).map(({ value: [, text] }) => Number(text));
  }

  async stop(): Promise<void> {
    await this.#child.stop("SIGTERM", STOP_GRACE_MS);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
