import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { type Dispatcher, Pool } from "undici";
import type { Breaker } from "./breaker.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Choice } from "./least-pending.ts";

/**
 * Calls are answered and over; watches stay open for as long as somebody listens. Each have connections
 * of their own, so that a thousand readers who wait take none from a call.
 */
export type LaneName = "calls" | "watches";

const CONNECT_TIMEOUT_MS = 2_000;
/** Less than the services keep an idle connection, so that they never close one under a request. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000;
/** The longest silence within an answer that has begun; a watch may be silent for ever. */
const BODY_TIMEOUT_MS: Readonly<Record<LaneName, number>> = { calls: 30_000, watches: 0 };
/** After so much silence the kernel asks whether the peer is still there: all that ends a dead watch. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** The connections of one kind to one instance, made when they are needed and kept. */
export class Lane implements Choice {
  readonly name: LaneName;
  readonly #pool: Pool;
  readonly #breaker: Breaker;
  readonly #maxPending: number;
  #pending = 0;

  constructor(name: LaneName, endpoint: Endpoint, breaker: Breaker, maxPending: number) {
    this.name = name;
    this.#breaker = breaker;
    this.#maxPending = maxPending;
    this.#pool = openPool(name, endpoint, maxPending);
  }

  get pending(): number {
    return this.#pending;
  }

  get isTaking(): boolean {
    return this.#breaker.isTaking;
  }

  get isFull(): boolean {
    return this.#pending >= this.#maxPending;
  }

  /** For what no caller asked for. */
  get dispatcher(): Dispatcher {
    return this.#pool;
  }

  /**
   * A request is about to be dispatched. Whoever does says what came of it, once: `answered`, `failed`
   * or `abandoned`; and `release` when undici is done with it. True: the breaker waits for this one.
   */
  begin(): boolean {
    this.#pending += 1;
    return this.#breaker.begin();
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#pool.dispatch(options, handler);
  }

  answered(): void {
    this.#breaker.succeeded();
  }

  failed(isTrial: boolean): void {
    this.#breaker.failed(isTrial);
  }

  abandoned(isTrial: boolean): void {
    this.#breaker.abandoned(isTrial);
  }

  release(): void {
    this.#pending -= 1;
  }

  /** Takes nothing more; resolves when what runs is over. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}

function openPool(name: LaneName, { origin, address }: Endpoint, connections: number): Pool {
  return new Pool(origin, {
    // As many as there may be requests: none waits for another one's connection.
    connections,
    pipelining: 1,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      ...(address === undefined ? {} : { lookup: always(address) }),
    },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // The wait for an answer's head is the operation's own and kept by the exchange.
    headersTimeout: 0,
    bodyTimeout: BODY_TIMEOUT_MS[name],
    allowH2: false,
  });
}

/** The name stays what is asked for, in `Host` and in certificates; only where it leads is settled. */
function always(address: LookupAddress): LookupFunction {
  return (_host, { all }, done) => {
    if (all === true) done(null, [address]);
    else done(null, address.address, address.family);
  };
}
