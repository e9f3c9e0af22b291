import type { Audience } from "@orrery/common/contracts/request-context";
import { type Dispatcher, Pool } from "undici";

/** A service that the gateway sends to. */
export interface Upstream {
  readonly audience: Audience;
  /** Without a trailing slash. */
  readonly origin: string;
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

const CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 2_000;
/** Less than the services keep an idle connection, so that they never close one under a request. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000;
/** The longest silence within an answer that has begun. */
const BODY_TIMEOUT_MS = 30_000;

/** Opens the connections to a service, made when they are needed and kept. */
export function openUpstream(audience: Audience, url: string): Upstream {
  const { origin } = new URL(url);
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // The wait for an answer's head is the operation's own and kept by the exchange.
    headersTimeout: 0,
    bodyTimeout: BODY_TIMEOUT_MS,
    allowH2: false,
  });
  return { audience, origin, dispatcher: pool, close: () => pool.destroy() };
}
