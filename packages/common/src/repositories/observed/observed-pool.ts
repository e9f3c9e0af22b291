import pg from "pg";
import type { DriverObserver } from "../../observability/database/driver-observer.ts";
import { connectionFaultOf } from "./connection-fault.ts";
import { observeClient } from "./observe-client.ts";

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: unknown) => void,
) => void;

/** A pool that tells of its connections and of all that is sent over them. */
export class ObservedPool extends pg.Pool {
  readonly #observer: DriverObserver;

  constructor(config: pg.PoolConfig & { readonly max: number }, observer: DriverObserver) {
    super(config);
    this.#observer = observer;
    this.on("connect", (client) => {
      observeClient(client, observer);
      client.once("error", () => observer.failed("broken"));
    });
    observer.opened(this, config.max);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    const startedMs = performance.now();
    const settle = (error: unknown) => {
      if (error === undefined) this.#observer.acquired(performance.now() - startedMs);
      else this.#observer.failed(connectionFaultOf(error));
    };
    if (callback !== undefined) {
      super.connect((error, client, release) => {
        settle(error ?? undefined);
        callback(error, client, release);
      });
      return;
    }
    const connecting = super.connect();
    connecting.then(() => settle(undefined), settle);
    return connecting;
  }
}
