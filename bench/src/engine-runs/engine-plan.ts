import type { Resolution } from "@orrery/soroban/intent/resolution";

/** How an engine process is set up. */
export interface EnginePlan {
  /** Names the engine and its channel accounts: two on one ledger share none. */
  readonly name: string;
  readonly ledgerUrl: string;
  readonly ledgerCloseMs: number;
  readonly channels: number;
  /** The journal's database; in memory when left out. */
  readonly databaseUrl?: string;
}

/** A backlog that the engine is given whole before it starts. */
export interface EngineOrder {
  readonly label: string;
  readonly vaults: number;
  readonly chargesPerVault: number;
}

/** What became of an order. */
export interface EngineReport {
  /** From the start of the engine to the last resolution. */
  readonly elapsedMs: number;
  /** Processor time of the engine's process in that time. */
  readonly cpuMs: number;
  readonly states: Readonly<Partial<Record<Resolution["state"], number>>>;
  /** The confirmed transactions by ledger. */
  readonly ledgers: Readonly<Record<number, readonly string[]>>;
}

export type EngineMessage = { readonly report: EngineReport } | { readonly failure: string };
