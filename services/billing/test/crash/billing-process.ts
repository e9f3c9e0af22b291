import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const CRASHING_MAIN = fileURLToPath(new URL("./crashing-main.ts", import.meta.url));

/** A billing service in a process of its own. */
export class BillingProcess {
  readonly url: string;
  /** The signal that ended it, if one did. */
  readonly ended: Promise<NodeJS.Signals | null>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, ended: Promise<NodeJS.Signals | null>) {
    this.#child = child;
    this.url = url;
    this.ended = ended;
  }

  /**
   * Starts it on a free port; with a crash point it ends itself there once it is armed. `crashingMain`
   * knows the point.
   */
  static async start(
    env: Readonly<Record<string, string>>,
    crashPoint?: string,
    crashingMain: string = CRASHING_MAIN,
  ): Promise<BillingProcess> {
    const args = crashPoint === undefined ? [MAIN] : [crashingMain, crashPoint];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const { promise: ended, resolve } = Promise.withResolvers<NodeJS.Signals | null>();
    child.once("close", (_code, signal) => resolve(signal));
    const listening = Promise.withResolvers<string>();
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /Server listening at (http:[\w.:/]+)/.exec(printed)?.[1];
      if (url !== undefined) listening.resolve(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void ended.then(() => listening.reject(new Error(`billing ended: ${printed}`)));
    return new BillingProcess(child, await listening.promise, ended);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** From now on its crash point is deadly. */
  arm(): void {
    this.#child.kill("SIGUSR2");
  }

  /** Lets it go on after it was stopped at its crash point. */
  wake(): void {
    this.#child.kill("SIGCONT");
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.ended;
  }
}
