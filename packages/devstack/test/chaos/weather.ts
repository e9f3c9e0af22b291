import type { Dependency } from "../../src/stack/start-stack.ts";
import { TcpProxy } from "./tcp-proxy.ts";

/** The network of one stack: a proxy before each thing that its services depend on. */
export class Weather {
  readonly #proxies = new Map<Dependency, TcpProxy>();

  /** Stands between the services and one dependency: gives the URL that they shall use. */
  async stand(dependency: Dependency, url: string): Promise<string> {
    const through = new URL(url);
    const proxy = await TcpProxy.start(Number(through.port));
    this.#proxies.set(dependency, proxy);
    through.port = String(proxy.port);
    return through.href;
  }

  has(dependency: Dependency): boolean {
    return this.#proxies.has(dependency);
  }

  before(dependency: Dependency): TcpProxy {
    const proxy = this.#proxies.get(dependency);
    if (proxy === undefined) throw new Error(`the services do not use ${dependency}`);
    return proxy;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }
}
