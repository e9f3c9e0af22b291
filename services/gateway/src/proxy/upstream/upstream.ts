import type { Clock } from "@orrery/common/contracts/clock";
import type { Audience } from "@orrery/common/contracts/request-context";
import { Breaker, type BreakerState } from "./breaker.ts";
import { type Endpoint, keyOf } from "./endpoint.ts";
import { Lane, type LaneName } from "./lane.ts";
import { LeastPending } from "./least-pending.ts";

interface UpstreamOptions {
  readonly audience: Audience;
  /** Requests of one kind that one instance may have at a time. */
  readonly maxPending: Readonly<Record<LaneName, number>>;
  /** Steady milliseconds. */
  readonly clock: Clock;
  readonly onOpened: (audience: Audience, instance: string) => void;
}

interface Instance {
  readonly key: string;
  /** What it is called in metrics: as configured, with a number where a name has several addresses. */
  readonly label: string;
  readonly breaker: Breaker;
  readonly lanes: Readonly<Record<LaneName, Lane>>;
}

/** How one instance is, for metrics. */
export interface InstanceReport {
  readonly label: string;
  readonly state: BreakerState;
  readonly pending: Readonly<Record<LaneName, number>>;
}

/** A service that the gateway sends to: all its instances, and which of them is next. */
export class Upstream {
  readonly audience: Audience;
  readonly #options: UpstreamOptions;
  readonly #pickers = { calls: new LeastPending<Lane>(), watches: new LeastPending<Lane>() };
  readonly #retiring = new Set<Instance>();
  #instances: readonly Instance[] = [];
  #lanes: Readonly<Record<LaneName, readonly Lane[]>> = { calls: [], watches: [] };

  constructor(endpoints: readonly Endpoint[], options: UpstreamOptions) {
    this.audience = options.audience;
    this.#options = options;
    this.replace(endpoints);
  }

  /**
   * Where the next request goes; elsewhere than `except` if that can be. Undefined: every instance has
   * as much as it may have.
   */
  pick(name: LaneName, except?: Lane): Lane | undefined {
    return this.#pickers[name].pick(this.#lanes[name], except);
  }

  get reports(): readonly InstanceReport[] {
    return this.#instances.map(({ label, breaker, lanes }) => ({
      label,
      state: breaker.state,
      pending: { calls: lanes.calls.pending, watches: lanes.watches.pending },
    }));
  }

  /** Instances that stay keep their connections; those that went finish what they have. */
  replace(endpoints: readonly Endpoint[]): void {
    const known = new Map(this.#instances.map((instance) => [instance.key, instance]));
    const keys = new Set(endpoints.map(keyOf));
    const isSame = keys.size === known.size && [...keys].every((key) => known.has(key));
    if (isSame && known.size > 0) return;
    const labels = new FreeLabels([...known.values()].filter(({ key }) => keys.has(key)));
    this.#instances = endpoints.map(
      (endpoint) => known.get(keyOf(endpoint)) ?? this.#open(endpoint, labels.take(endpoint)),
    );
    this.#lanes = {
      calls: this.#instances.map(({ lanes }) => lanes.calls),
      watches: this.#instances.map(({ lanes }) => lanes.watches),
    };
    for (const [key, instance] of known) if (!keys.has(key)) this.#retire(instance);
  }

  /** Ends everything, also what still runs. */
  async close(): Promise<void> {
    const all = [...this.#instances, ...this.#retiring];
    await Promise.all(all.flatMap(({ lanes }) => [lanes.calls.destroy(), lanes.watches.destroy()]));
  }

  #open(endpoint: Endpoint, label: string): Instance {
    const { audience, clock, maxPending, onOpened } = this.#options;
    const breaker = new Breaker(clock, () => onOpened(audience, label));
    const lane = (name: LaneName) => new Lane(name, endpoint, breaker, maxPending[name]);
    const lanes = { calls: lane("calls"), watches: lane("watches") };
    return { key: keyOf(endpoint), label, breaker, lanes };
  }

  #retire(instance: Instance): void {
    const { calls, watches } = instance.lanes;
    this.#retiring.add(instance);
    const done = () => void this.#retiring.delete(instance);
    // A close that is overtaken by `destroy` fails, and then there is nothing left to close.
    Promise.all([calls.close(), watches.close()]).then(done, done);
  }
}

/** Names that metrics can bear: addresses come and go for ever, numbers are used again. */
class FreeLabels {
  readonly #taken: Set<string>;

  constructor(staying: readonly Instance[]) {
    this.#taken = new Set(staying.map(({ label }) => label));
  }

  take({ origin, address }: Endpoint): string {
    const { host } = new URL(origin);
    let label = address === undefined ? host : `${host}#0`;
    for (let number = 1; this.#taken.has(label); number += 1) label = `${host}#${number}`;
    this.#taken.add(label);
    return label;
  }
}
