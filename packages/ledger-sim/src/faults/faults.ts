import type { LedgerFaults } from "../ledger/ledger-faults.ts";
import type { CallFault, Counter, FaultChange } from "./fault-params.ts";

/** Of what befalls a call, the part that its transport and its method act out. */
export type StruckCall = Pick<CallFault, "httpStatus" | "delayMs" | "rpcError" | "contractError">;

/** The faults in force. `random` (0 ≤ x < 1) decides those with a probability. */
export class Faults implements LedgerFaults {
  readonly #random: () => number;
  readonly #counters = new Map<Counter, number>();
  #callFault: CallFault | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Sets the counters that are named; a fault of calls replaces the one before. */
  change({ counters, callFault }: FaultChange): void {
    for (const [name, left] of Object.entries(counters) as [Counter, number][]) {
      if (left > 0) this.#counters.set(name, left);
      else this.#counters.delete(name);
    }
    if (callFault) this.#callFault = callFault;
  }

  clear(): void {
    this.#counters.clear();
    this.#callFault = undefined;
  }

  inForce(): Record<string, unknown> {
    return { ...this.#callFault, ...Object.fromEntries(this.#counters) };
  }

  /** Whether the fault strikes this time; it then has one occasion less. */
  take(counter: Counter): boolean {
    const left = this.#counters.get(counter) ?? 0;
    if (left === 0) return false;
    if (left === 1) this.#counters.delete(counter);
    else this.#counters.set(counter, left - 1);
    return true;
  }

  /** What befalls one call of the method. */
  strikeCall(method: string): StruckCall {
    const fault = this.#callFault;
    if (!fault || !isAimedAt(fault, method)) return {};
    const { contractError, ...transport } = fault;
    const isSimulation = method === "simulateTransaction";
    const isOfTransport =
      transport.httpStatus !== undefined ||
      transport.delayMs !== undefined ||
      transport.rpcError !== undefined;
    if (!isOfTransport && !(isSimulation && contractError !== undefined)) return {};
    if (!this.#strikes(fault)) return {};
    return isSimulation ? fault : transport;
  }

  takeDroppedTransaction(): boolean {
    return this.take("dropTransactions");
  }

  takeReorderedLedger(): boolean {
    return this.take("reorderedLedgers");
  }

  takeArchivedEntry(): boolean {
    return this.take("archivedEntries");
  }

  takeContractErrorOnApply(): number | undefined {
    const fault = this.#callFault;
    if (fault?.contractError === undefined || !isAimedAt(fault, "sendTransaction"))
      return undefined;
    return this.#strikes(fault) ? fault.contractError : undefined;
  }

  #strikes(fault: CallFault): boolean {
    if (this.#random() >= fault.probability) return false;
    if (fault.count === 1) this.#callFault = undefined;
    else if (fault.count !== undefined) this.#callFault = { ...fault, count: fault.count - 1 };
    return true;
  }
}

function isAimedAt(fault: CallFault, method: string): boolean {
  return fault.methods === undefined || fault.methods.includes(method);
}
