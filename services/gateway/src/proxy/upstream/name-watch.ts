import { promises as dns, type LookupAddress } from "node:dns";
import { type Endpoint, endpointsOf, hostToLookUp } from "./endpoint.ts";

interface NameWatchOptions {
  readonly origins: readonly string[];
  /** Called with all endpoints, those of names that cannot be looked up as they last were. */
  readonly onEndpoints: (endpoints: readonly Endpoint[]) => void;
  readonly onError: (error: unknown) => void;
  readonly intervalMs: number;
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
}

const lookupAll = (host: string) => dns.lookup(host, { all: true });

/** Asks again and again which addresses the services' names have. */
export class NameWatch {
  readonly #options: NameWatchOptions;
  readonly #endpoints = new Map<string, readonly Endpoint[]>();
  readonly #names: readonly (readonly [origin: string, host: string])[];
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: NameWatchOptions) {
    this.#options = options;
    for (const origin of options.origins) this.#endpoints.set(origin, endpointsOf(origin, []));
    this.#names = options.origins.flatMap((origin) => {
      const host = hostToLookUp(origin);
      return host === undefined ? [] : [[origin, host] as const];
    });
  }

  /** As known now: before the first answer each name is one instance. */
  get endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()].flat();
  }

  /** Waits for no answer: until there is one, names are connected to as they are. */
  start(): void {
    if (this.#names.length > 0) void this.#lookUp();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #lookUp(): Promise<void> {
    const { lookup = lookupAll, onEndpoints, onError, intervalMs } = this.#options;
    await Promise.all(
      this.#names.map(async ([origin, host]) => {
        try {
          const addresses = await lookup(host);
          if (addresses.length > 0) this.#endpoints.set(origin, endpointsOf(origin, addresses));
        } catch (error) {
          onError(error);
        }
      }),
    );
    if (this.#isStopped) return;
    onEndpoints(this.endpoints);
    // After the answer: a resolver that hangs has one question at a time.
    this.#timer = setTimeout(() => void this.#lookUp(), intervalMs);
    this.#timer.unref();
  }
}
