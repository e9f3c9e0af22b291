import { RpcError } from "../../../src/rpc/rpc-error.ts";
import type { FeeStatsAnswer, SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";
import { asError } from "../as-error.ts";
import type { Scheduler } from "../clockwork/scheduler.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { Trace } from "../clockwork/trace.ts";
import type { EngineProcess } from "../engines/engine-process.ts";
import type { FaultPlan } from "../faults.ts";
import type { Network, Node } from "./network.ts";
import { asClientAnswer, type Method, rpcThrough } from "./rpc-answers.ts";

/** What a client over HTTP is given by custom. */
const TIMEOUT_MS = 2_000;

export interface RpcLinkOptions {
  readonly network: Network;
  /** The node behind this address; by default another one answers each call. */
  readonly node?: Node;
  readonly process: EngineProcess;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly plan: FaultPlan;
  readonly trace: Trace;
}

interface Call {
  readonly method: Method;
  readonly parameters: Record<string, unknown>;
  readonly args: readonly unknown[];
}

/** What becomes of one call. */
interface Fate {
  /** When the request is carried out; undefined: never. */
  readonly arrivesMs: number | undefined;
  /** What the caller gets instead of the answer, and when. */
  readonly failure?: { readonly error: RpcError; readonly afterMs: number };
  /** When the answer is back, counted from its arrival. */
  readonly returnsMs: number;
}

/** One process's connection to the network: real answers of the simulator, over an unreliable wire. */
export class RpcLink {
  readonly rpc: SorobanRpc;
  readonly #options: RpcLinkOptions;

  constructor(options: RpcLinkOptions) {
    this.#options = options;
    this.rpc = rpcThrough((method, parameters, args) => this.#call({ method, parameters, args }));
  }

  #call(call: Call): Promise<unknown> {
    const { method } = call;
    const { process, network, random } = this.#options;
    return new Promise((resolve, reject) => {
      process.meets(`before ${method}`, () => {
        const fate = this.#fateOf(method);
        const node = this.#options.node ?? random.pick(network.nodes);
        this.#fail(fate, reject);
        if (fate.arrivesMs === undefined) return;
        this.#options.scheduler.after(fate.arrivesMs, () => {
          void this.#carryOut(node, call).then(
            (answer) => {
              if (fate.failure !== undefined) return;
              this.#answer(method, fate, () => resolve(answer));
            },
            (error: unknown) => this.#answer(method, fate, () => reject(asError(error))),
          );
        });
      });
    });
  }

  #answer(method: Method, { returnsMs }: Fate, settle: () => void): void {
    const { process, scheduler } = this.#options;
    const deliver = () => process.meets(`after ${method}`, settle);
    if (returnsMs === 0) deliver();
    else scheduler.after(returnsMs, deliver);
  }

  #fail({ failure }: Fate, reject: (error: RpcError) => void): void {
    if (failure === undefined) return;
    const { process, scheduler } = this.#options;
    scheduler.after(failure.afterMs, () => process.deliver(() => reject(failure.error)));
  }

  #fateOf(method: Method): Fate {
    const { plan, random } = this.#options;
    const arrivesMs = random.between(5, 80);
    const isSlow = random.chance(0.25);
    const returnsMs = isSlow ? random.between(1, 900) : 0;
    const failsMs = random.chance(0.5) ? TIMEOUT_MS : random.between(1, 200);
    const broken = (kind: "network" | "timeout") => new RpcError(kind, method);
    if (plan.strikes("lost-answers")) {
      const error = broken(failsMs === TIMEOUT_MS ? "timeout" : "network");
      const isRequestLost = random.chance(0.4);
      return {
        arrivesMs: isRequestLost ? undefined : arrivesMs,
        failure: { error, afterMs: failsMs + arrivesMs },
        returnsMs,
      };
    }
    if (plan.strikes("time-outs")) {
      const lateMs = random.between(0, 1) * random.between(0, 40_000) + random.between(0, 2_000);
      return {
        arrivesMs: lateMs,
        failure: { error: broken("timeout"), afterMs: TIMEOUT_MS },
        returnsMs,
      };
    }
    if (plan.strikes("server-errors")) {
      const error = random.chance(0.3)
        ? new RpcError("malformed", method)
        : new RpcError("http", method, { code: random.pick([500, 502, 503, 504, 429, 404]) });
      return {
        arrivesMs: random.chance(0.5) ? arrivesMs : undefined,
        failure: { error, afterMs: arrivesMs + returnsMs + 1 },
        returnsMs,
      };
    }
    return { arrivesMs, returnsMs };
  }

  async #carryOut(node: Node, { method, parameters, args }: Call): Promise<unknown> {
    const { network, scheduler, process, trace } = this.#options;
    const nowMs = scheduler.now();
    if (node.downUntilMs > nowMs) throw new RpcError("network", method);
    const { faults } = network.simulator;
    faults.change({ counters: this.#countersOf(node, method), callFault: undefined });
    try {
      const result = await network.simulator.call(method, parameters);
      trace.note(process.name, `${method} ${summary(args)} at ${node.name}: ${outcome(result)}`);
      const answer = asClientAnswer(method, result);
      return method === "getFeeStats" ? network.feesOf(answer as FeeStatsAnswer) : answer;
    } catch (error) {
      trace.note(process.name, `${method} ${summary(args)} at ${node.name}: ${firstLine(error)}`);
      throw new RpcError("json_rpc", method, { detail: firstLine(error) });
    }
  }

  /** The simulator's own faults, for this one call. */
  #countersOf(node: Node, method: Method) {
    const { plan, scheduler } = this.#options;
    const isSend = method === "sendTransaction";
    const isLagging = node.lagsUntilMs > scheduler.now();
    const isStale = !isSend && (isLagging || plan.strikes("stale-reads"));
    const isRacing = method === "getTransaction" && plan.strikes("not-found-race");
    return {
      staleReads: isStale ? 1 : 0,
      notFoundRace: isRacing ? 1 : 0,
      tryAgainLater: isSend && plan.strikes("try-again-later") ? 1 : 0,
      dropTransactions: isSend && plan.strikes("dropped-transactions") ? 1 : 0,
    };
  }
}

function summary([first]: readonly unknown[]): string {
  return typeof first === "string" ? first.slice(-12) : "";
}

function outcome(result: unknown): string {
  const { status, latestLedger, sequence, error, entries } = result as Record<string, unknown>;
  const said = [status, error].filter((part) => typeof part === "string").map(firstLine);
  const found = Array.isArray(entries) ? [`${entries.length} entries`] : [];
  return [...said, ...found, `@${Number(latestLedger ?? sequence)}`].join(" ");
}

function firstLine(said: unknown): string {
  return String(said).split("\n", 1)[0] ?? "";
}
