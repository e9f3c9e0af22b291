import { type ChildProcess, spawn } from "node:child_process";

/** A service in a process of its own, so that it can be killed. */
export class ServiceProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcess, url: string, ended: Promise<void>) {
    this.#child = child;
    this.url = url;
    this.#ended = ended;
  }

  /** Starts a service's `main.ts`; resolves once it listens. */
  static async start(
    mainFile: string,
    env: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [mainFile], {
      env: { ...env, LOG_LEVEL: "info" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    child.once("close", () => resolve());
    const listening = Promise.withResolvers<string>();
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /Server listening at (http:[\w.:/]+)/.exec(printed)?.[1];
      if (url !== undefined) listening.resolve(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void ended.then(() => listening.reject(new Error(`the service ended: ${printed}`)));
    return new ServiceProcess(child, await listening.promise, ended);
  }

  /** Ends it there and then. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
