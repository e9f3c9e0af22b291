import { setImmediate } from "node:timers/promises";
import { JsonRpcError } from "@orrery/ledger-sim/json-rpc";
import { networkSettings } from "@orrery/ledger-sim/ledger/network-settings";
import { AnswerLost } from "@orrery/ledger-sim/methods/send-transaction";
import { HttpFault, Simulator } from "@orrery/ledger-sim/simulator";
import { findVault, updateVault } from "@orrery/ledger-sim/vault/vault-admin";
import { RpcError } from "../../src/rpc/rpc-error.ts";
import type { SorobanRpc } from "../../src/rpc/soroban-rpc.ts";
import { Scheduler } from "../simulation/clockwork/scheduler.ts";
import { asClientAnswer, rpcThrough } from "../simulation/network/rpc-answers.ts";
import { NETWORK, submitter } from "./accounts.ts";

export const LEDGER_MS = 5_000;
const START_MS = 1_800_000_000_000;
/** No story takes longer. */
const PATIENCE_MS = 3_600_000;
const GENESIS_STROOPS = 1_000_000_000_000n;

export interface VirtualNetworkOptions {
  /** How many ledgers the network remembers transactions and events. */
  readonly retentionLedgers?: number | undefined;
  /** Accounts that exist from the start, beside the treasury. */
  readonly accountIds?: readonly string[];
}

/**
 * A network in virtual time, with a client that reaches it without a wire. Time passes only while
 * somebody waits here, and a ledger closes whenever it has come: whatever the machine is busy with,
 * the same happens in the same order.
 */
export class VirtualNetwork {
  readonly scheduler = new Scheduler(START_MS);
  readonly simulator: Simulator;
  readonly rpc: SorobanRpc;
  #stepping: Promise<unknown> | undefined;

  constructor({ retentionLedgers, accountIds = [] }: VirtualNetworkOptions = {}) {
    this.simulator = new Simulator({
      settings: networkSettings(NETWORK, {
        ...(retentionLedgers !== undefined && { retentionLedgers }),
      }),
      clock: this.clock,
      random: () => 0,
      vaultCaller: submitter.publicKey,
      reached: { friendbotUrl: "" },
      driver: { closeNow: (count) => this.closeLedgers(count) },
    });
    this.simulator.ledger.begin({
      accountIds: [submitter.publicKey, ...accountIds],
      balanceStroops: GENESIS_STROOPS,
    });
    this.rpc = rpcThrough((method, parameters) => this.#call(method, parameters));
    this.#closeInTime();
  }

  readonly clock = (): number => this.scheduler.now();

  get latestLedger(): number {
    return this.simulator.ledger.latest.sequence;
  }

  /** A vault's balance; undefined without such a vault. */
  balance(contractId: string): bigint | undefined {
    return findVault(this.simulator.ledger.draft(), contractId)?.balance;
  }

  updateVault(contractId: string, change: Parameters<typeof updateVault>[2]): void {
    updateVault(this.simulator.ledger, contractId, change);
  }

  async fund(contractId: string, stroops: bigint): Promise<void> {
    await this.simulator.call("sim_fund", { contractId, amount: String(stroops) });
  }

  /** See `sim_setFaults`. */
  async faults(params: Record<string, unknown>): Promise<void> {
    await this.simulator.call("sim_setFaults", params);
  }

  clearFaults(): void {
    this.simulator.faults.clear();
  }

  /** Closes ledgers in no time. */
  closeLedgers(count: number): void {
    for (let closed = 0; closed < count; closed += 1) this.simulator.ledger.close();
  }

  /** Lets so much time pass, and everything happen that falls into it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.clock() + ms;
    this.scheduler.after(ms, () => undefined);
    while (this.clock() < untilMs) await this.#step();
  }

  /** Lets time pass until the condition holds. */
  async until(condition: () => Promise<boolean> | boolean): Promise<void> {
    const deadlineMs = this.clock() + PATIENCE_MS;
    await setImmediate();
    while (!(await condition())) {
      if (this.clock() > deadlineMs) throw new Error("it never comes to that");
      await this.#step();
    }
  }

  /** Lets time pass until the work is done. */
  async finish<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const settle = () => {
      isDone = true;
    };
    work.then(settle, settle);
    await this.until(() => isDone);
    return work;
  }

  /** Several may wait at once: all of them see each event, and none runs ahead. */
  #step(): Promise<unknown> {
    this.#stepping ??= this.#nextEvent().finally(() => {
      this.#stepping = undefined;
    });
    return this.#stepping;
  }

  /** What was begun since the last event comes to rest first: it takes no time. */
  async #nextEvent(): Promise<void> {
    await setImmediate();
    await this.scheduler.step();
  }

  #closeInTime(): void {
    this.scheduler.after(LEDGER_MS, () => {
      this.closeLedgers(1);
      this.#closeInTime();
    });
  }

  /** Fails as the client over HTTP does. */
  async #call(method: keyof SorobanRpc, parameters: Record<string, unknown>): Promise<unknown> {
    try {
      return asClientAnswer(method, await this.simulator.call(method, parameters));
    } catch (error) {
      if (error instanceof HttpFault) throw new RpcError("http", method, { code: error.status });
      if (error instanceof AnswerLost) throw new RpcError("network", method);
      if (!(error instanceof JsonRpcError)) throw error;
      throw new RpcError("json_rpc", method, { code: error.code, detail: error.message });
    }
  }
}
