import { setTimeout as delay } from "node:timers/promises";
import { Faults, type StruckCall } from "./faults/faults.ts";
import { JsonRpcError, METHOD_NOT_FOUND, type Params } from "./json-rpc.ts";
import { Ledger, type LedgerStore } from "./ledger/ledger.ts";
import type { NetworkSettings } from "./ledger/network-settings.ts";
import type { LedgerDriver, MethodContext } from "./methods/method.ts";
import { NETWORK_METHODS, SIM_METHODS } from "./methods/registry.ts";

export interface SimulatorOptions {
  readonly settings: NetworkSettings;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** 0 ≤ x < 1; decides the faults that have a probability. */
  readonly random: () => number;
  readonly store?: LedgerStore;
  readonly vaultCaller: string | undefined;
  /** Where callers reach the network; known once it listens. */
  readonly reached: { friendbotUrl: string };
  readonly driver: LedgerDriver;
}

/** The transport is to answer with this HTTP status instead of a result. */
export class HttpFault extends JsonRpcError {
  readonly status: number;

  constructor(status: number) {
    super(-32_000, `HTTP ${status}`);
    this.status = status;
  }
}

/** The network behind any transport: its ledger, its faults and its methods. */
export class Simulator {
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly #options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    const { settings, clock, random, store } = options;
    this.#options = options;
    this.faults = new Faults(random);
    this.ledger = new Ledger({ settings, clock, faults: this.faults, ...(store && { store }) });
  }

  /**
   * Runs one method.
   * @throws {JsonRpcError} for the caller; {AnswerLost} and {HttpFault} are for the transport
   */
  async call(method: string, params: Params, signal?: AbortSignal): Promise<unknown> {
    const ofNetwork = Object.hasOwn(NETWORK_METHODS, method) ? NETWORK_METHODS[method] : undefined;
    const ofSim = Object.hasOwn(SIM_METHODS, method) ? SIM_METHODS[method] : undefined;
    const run = ofNetwork ?? ofSim;
    if (!run) throw new JsonRpcError(METHOD_NOT_FOUND, "method not found", method);
    const struck = ofNetwork ? this.faults.strikeCall(method) : {};
    await actOut(struck, signal);
    return run(params, this.#context(struck));
  }

  #context(struck: StruckCall): MethodContext {
    const { driver, reached, vaultCaller } = this.#options;
    const { ledger, faults } = this;
    return { ledger, faults, driver, struck, friendbotUrl: reached.friendbotUrl, vaultCaller };
  }
}

async function actOut(
  { delayMs, httpStatus, rpcError }: StruckCall,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (delayMs) await delay(delayMs, undefined, signal ? { signal } : {});
  if (httpStatus !== undefined) throw new HttpFault(httpStatus);
  if (rpcError) throw new JsonRpcError(rpcError.code, rpcError.message);
}
