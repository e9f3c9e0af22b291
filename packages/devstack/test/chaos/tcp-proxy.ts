import { connect, createServer, type Server, type Socket } from "node:net";

const HOST = "127.0.0.1";

/** Both ends of one connection. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

type Weather = "fair" | "cut" | "half-open";

/**
 * The network between a service and what it depends on: it can be slow, cut (connections are reset and
 * new ones refused), or half-open (connections stand and nothing comes through).
 */
export class TcpProxy {
  readonly #targetPort: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #weather: Weather = "fair";
  #latencyMs = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((near) => this.#accept(near));
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, HOST, resolve);
    });
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy is closed");
    return address.port;
  }

  /** Every chunk arrives so much later, in either direction. */
  slow(latencyMs: number): void {
    this.#latencyMs = latencyMs;
  }

  cut(): void {
    this.#weather = "cut";
    for (const pair of this.#pairs) end(pair);
  }

  halfOpen(): void {
    this.#weather = "half-open";
    for (const { near, far } of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  heal(): void {
    this.#weather = "fair";
    this.#latencyMs = 0;
    for (const { near, far } of this.#pairs) {
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const pair of this.#pairs) end(pair);
    await closed;
  }

  #accept(near: Socket): void {
    if (this.#weather === "cut") {
      near.on("error", () => undefined);
      near.resetAndDestroy();
      return;
    }
    const pair = { near, far: connect(this.#targetPort, HOST) };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [pair.near, pair.far],
      [pair.far, pair.near],
    ] as const) {
      from.setNoDelay(true);
      from.on("data", (chunk) => this.#pass(chunk, to));
      from.once("end", () => this.#later(() => to.end()));
      from.on("error", () => end(pair));
      from.once("close", () => {
        this.#pairs.delete(pair);
        this.#later(() => to.destroy());
      });
    }
    if (this.#weather === "half-open") {
      near.pause();
      pair.far.pause();
    }
  }

  #pass(chunk: Buffer, to: Socket): void {
    this.#later(() => {
      if (!to.destroyed) to.write(chunk);
    });
  }

  /** In order: equal delays end in the order in which they began. */
  #later(work: () => void): void {
    if (this.#latencyMs === 0) work();
    else setTimeout(work, this.#latencyMs);
  }
}

function end({ near, far }: Pair): void {
  near.resetAndDestroy();
  far.destroy();
}
