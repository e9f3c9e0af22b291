import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Environment, readDevstackConfig, readEnvironment } from "../../src/config.ts";
import { readPrivateJson } from "../../src/data-dir/private-file.ts";
import type { DemoFile } from "../../src/demo/demo-file.ts";
import { findFreePort } from "../../src/process/free-port.ts";
import { LedgerClient } from "../../src/stack/ledger-client.ts";
import { createProgress } from "../../src/stack/progress.ts";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";
import { type RunningStack, startStack } from "../../src/stack/start-stack.ts";
import { Weather } from "./weather.ts";

/** Slower than a request, so that faults meet transactions under way. */
const LEDGER_CLOSE_MS = 500;
const ANSWER_TIMEOUT_MS = 2_000;
const LOOK_MS = 50;

/** Everything that `npm start` runs, each process a real one, with weather on the network between them. */
export class ChaosStack {
  readonly weather: Weather;
  readonly #stack: RunningStack;
  readonly #removeData: () => Promise<void>;

  private constructor(stack: RunningStack, weather: Weather, removeData: () => Promise<void>) {
    this.#stack = stack;
    this.weather = weather;
    this.#removeData = removeData;
  }

  static async start(say: (line: string) => void): Promise<ChaosStack> {
    const folder = await mkdtemp(join(tmpdir(), "orrery-chaos-"));
    const removeData = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
    const env = await ownEnvironment(folder);
    const weather = new Weather();
    try {
      const stack = await startStack({
        config: readDevstackConfig(env),
        env,
        progress: createProgress(say),
        between: (dependency, url) => weather.stand(dependency, url),
      });
      return new ChaosStack(stack, weather, removeData);
    } catch (error) {
      await weather.close();
      await removeData();
      throw error;
    }
  }

  demo(): DemoFile {
    return this.#stack.demo();
  }

  /** Settles when a process kept ending and is not started again. */
  get givenUp(): Promise<Error> {
    return this.#stack.givenUp;
  }

  get redisFolder(): string {
    return this.#stack.dataDir.redis;
  }

  /** The process of this name that runs now; undefined when there is none. */
  pidOf(name: string): number | undefined {
    const { children } = readPrivateJson(this.#stack.dataDir.processesFile) as {
      children: { name: string; pid: number }[];
    };
    return children.find((child) => child.name === name)?.pid;
  }

  /** Kills a process and waits until the one in its place serves. */
  async kill(name: string, timeoutMs: number): Promise<void> {
    const before = this.pidOf(name);
    if (before === undefined) throw new Error(`no ${name} runs`);
    process.kill(before, "SIGKILL");
    await this.#until(`${name} runs again`, timeoutMs, async () => this.pidOf(name) !== before);
    await this.untilReady(timeoutMs);
  }

  /** Waits until every service says that it is ready, and the simulator that it is well. */
  async untilReady(timeoutMs: number): Promise<void> {
    const { gatewayUrl, billingUrl, catalogUrl, ledgerUrl } = this.demo();
    const ledger = new LedgerClient(ledgerUrl);
    await this.#until("everything is ready", timeoutMs, async () => {
      if (!(await ledger.isHealthy())) return false;
      const answers = await Promise.all(
        [gatewayUrl, billingUrl, catalogUrl].map((url) =>
          fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }),
        ),
      );
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      return answers.every(({ ok }) => ok);
    });
  }

  async stop(): Promise<void> {
    await this.#stack.stop();
    await this.weather.close();
    await this.#removeData();
  }

  async #until(what: string, timeoutMs: number, holds: () => Promise<boolean>): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (performance.now() < endMs) {
      if (await holds().catch(() => false)) return;
      await delay(LOOK_MS);
    }
    throw new Error(`not within ${timeoutMs} ms: ${what}`);
  }
}

/** The environment's own, but for ports and data that nothing else uses and embedded backends. */
async function ownEnvironment(folder: string): Promise<Environment> {
  const ports = new Set<number>();
  while (ports.size < 4) ports.add(await findFreePort());
  const [gateway, billing, catalog, ledger] = [...ports].map(String);
  return {
    PATH: readEnvironment(PROJECT_ROOT).PATH,
    ORRERY_DATA_DIR: join(folder, "data"),
    GATEWAY_PORT: gateway,
    BILLING_PORT: billing,
    CATALOG_PORT: catalog,
    LEDGER_PORT: ledger,
    LEDGER_CLOSE_MS: String(LEDGER_CLOSE_MS),
  };
}
