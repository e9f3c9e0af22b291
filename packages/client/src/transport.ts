import { ConnectionError, OrreryError, problemOf } from "./orrery-error.ts";
import { pause } from "./pause.ts";
import { pauseMs, type RetryOptions } from "./retry-policy.ts";
import { within } from "./within.ts";

/** How a client reaches the API. */
export interface TransportOptions extends RetryOptions {
  /** Where the gateway is: `https://api.example.com`. */
  readonly baseUrl: string;
  /** A key of a tenant, or `token`. */
  readonly apiKey?: string;
  /** A JWT; a function is asked before every attempt, so that it may renew it; what it throws is thrown. */
  readonly token?: string | (() => string | Promise<string>);
  /** Selects among the tenants that the credential grants. */
  readonly tenantId?: string;
  /**
   * One attempt, its token and the reading of its answer included, ends after so long; 45 s unless given: more
   * than a deduction waits. What `open` gives is the caller's to bound.
   */
  readonly timeoutMs?: number;
  /** The platform's own unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  /** 0 ≤ x < 1: spreads retries. */
  readonly random?: () => number;
}

export type RequestBody = NonNullable<RequestInit["body"]>;

export interface TransportRequest {
  readonly method: string;
  /** Below the base URL, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | undefined;
  readonly signal: AbortSignal | undefined;
}

type ReadAnswer<T> = (response: Response) => T | Promise<T>;

const DEFAULT_TIMEOUT_MS = 45_000;

/** Sends requests, again where that is safe: every request is, since a POST has its Idempotency-Key. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #baseUrl: string;
  readonly clock: () => number;
  readonly timeoutMs: number;
  readonly #random: () => number;

  constructor(options: TransportOptions) {
    const { baseUrl, clock = () => new Date().getTime(), random = cryptoRandom } = options;
    this.#options = options;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.clock = clock;
    this.#random = random;
  }

  /**
   * What `read` makes of the answer of a success. It is part of the attempt: bounded and repeated with it.
   * @throws {OrreryError} when the API says no
   * @throws {ConnectionError} when no whole answer came
   */
  async send<T>(request: TransportRequest, read: ReadAnswer<T>): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#attempt(request, read);
      } catch (error) {
        const pauseForMs = pauseMs(error, retries, this.#options, this.#random);
        if (pauseForMs === undefined) throw error;
        await pause(pauseForMs, request.signal);
      }
    }
  }

  #attempt<T>(request: TransportRequest, read: ReadAnswer<T>): Promise<T> {
    const { method, path, headers, body, signal } = request;
    const { fetch = globalThis.fetch } = this.#options;
    const lost = (cause: unknown) =>
      new ConnectionError(`${method} ${path} got no answer`, { cause });
    const timedOut = () => lost(new Error("timed out"));
    return within(this.timeoutMs, timedOut, signal, async (bounded) => {
      // Outside the try: nothing was sent yet, and what is wrong with a token is not the connection's fault.
      const credential = await this.#credential();
      bounded.throwIfAborted();
      try {
        const response = await fetch(this.#baseUrl + path, {
          method,
          headers: { ...headers, ...credential },
          signal: bounded,
          ...(body !== undefined && { body }),
        });
        if (response.ok) return await read(response);
        const problem = await problemOf(response);
        throw new OrreryError(response.status, problem, response.headers, this.clock());
      } catch (error) {
        throw error instanceof OrreryError ? error : lost(error);
      }
    });
  }

  async #credential(): Promise<Record<string, string>> {
    const { apiKey, token, tenantId } = this.#options;
    const bearer = typeof token === "function" ? await token() : token;
    return {
      ...(apiKey !== undefined && { "x-api-key": apiKey }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(tenantId !== undefined && { "x-tenant-id": tenantId }),
    };
  }
}

/** The platform's randomness, as a number. */
function cryptoRandom(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value / 2 ** 32;
}
