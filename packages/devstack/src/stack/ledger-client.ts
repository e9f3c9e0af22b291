const TIMEOUT_MS = 5_000;

/** What `sim_state` tells. */
export interface LedgerState {
  latestLedger: number;
  closeTime: string;
  vaults: Record<string, { balance: string; authorizedCaller: string }>;
  pending: unknown;
  faults: unknown;
}

/** The simulator's own methods, over its JSON-RPC address. */
export class LedgerClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Whether the network says that it is healthy. */
  async isHealthy(): Promise<boolean> {
    const { result } = await this.#call("getHealth");
    return (result as { status?: string } | undefined)?.status === "healthy";
  }

  /** undefined when the address is a real network, which has no such method. */
  async findState(): Promise<LedgerState | undefined> {
    return (await this.#call("sim_state")).result as LedgerState | undefined;
  }

  /** Adds `amountStroops` to a vault, which is made when the ledger does not know it. */
  async fund(contractId: string, amountStroops: bigint): Promise<void> {
    const { error } = await this.#call("sim_fund", { contractId, amount: String(amountStroops) });
    if (error !== undefined) throw new Error(`sim_fund: ${JSON.stringify(error)}`);
  }

  /** Has a contract announce something in the next ledger; values as SCVal JSON. */
  async emit(contractId: string, topics: readonly object[], data: object): Promise<void> {
    const { error } = await this.#call("sim_emitEvent", { contractId, topics, data });
    if (error !== undefined) throw new Error(`sim_emitEvent: ${JSON.stringify(error)}`);
  }

  async #call(method: string, params?: object): Promise<{ result?: unknown; error?: unknown }> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, ...(params ? { params } : {}) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return (await response.json()) as { result?: unknown; error?: unknown };
  }
}
