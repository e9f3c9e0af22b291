import type { Difference } from "../repositories/reconciliation/difference.ts";
import {
  type LedgerRange,
  type ReconciliationSources,
  type ReconciliationTally,
  reconcileVault,
} from "./reconcile-vault.ts";

export interface ReconciliationObserver {
  readonly onDifference: (difference: Difference) => Promise<void> | void;
  /** After each vault; `vaults` are done. What it throws ends the work. */
  readonly onProgress?: (vaults: number) => Promise<void> | void;
}

const VAULTS_PAGE = 500;

/**
 * Compares every vault's rows and events in a range of ledgers. The range must lie within what the
 * network keeps, see `readRetention`.
 * @throws {RpcError}
 */
export async function reconcileLedgers(
  sources: ReconciliationSources,
  range: LedgerRange,
  { onDifference, onProgress }: ReconciliationObserver,
): Promise<ReconciliationTally & { readonly vaults: number }> {
  const tally = { rows: 0, events: 0, confirmedWithoutTransaction: 0, differences: 0 };
  let vaults = 0;
  let after = "";
  for (;;) {
    const page = await sources.records.listVaults(after, VAULTS_PAGE);
    for (const vaultContractId of page) {
      await reconcileVault(sources, vaultContractId, range, tally, onDifference);
      vaults += 1;
      await onProgress?.(vaults);
    }
    if (page.length < VAULTS_PAGE) return { ...tally, vaults };
    after = page.at(-1) ?? after;
  }
}

/** The part of a range that the network still tells of, and the ledgers before it that it does not. */
export function clipToRetention(
  { fromLedger, toLedger }: LedgerRange,
  retention: { readonly oldestLedger: number; readonly latestLedger: number },
): { readonly covered?: LedgerRange; readonly lost?: LedgerRange; readonly future?: LedgerRange } {
  const oldest = retention.oldestLedger <= FIRST_LEDGERS ? 1 : retention.oldestLedger;
  const from = fromLedger < oldest ? firstReadable(retention) : fromLedger;
  const to = Math.min(toLedger, retention.latestLedger);
  const start = Math.max(from, retention.oldestLedger);
  return {
    ...(start <= to && { covered: { fromLedger: start, toLedger: to } }),
    ...(fromLedger < oldest && { lost: { fromLedger, toLedger: Math.min(toLedger, from - 1) } }),
    ...(toLedger > retention.latestLedger && {
      future: { fromLedger: Math.max(fromLedger, retention.latestLedger + 1), toLedger },
    }),
  };
}

/** The oldest ledger that the network still tells of when it comes to be read. */
export function firstReadable({ oldestLedger }: { readonly oldestLedger: number }): number {
  return oldestLedger <= FIRST_LEDGERS ? oldestLedger : oldestLedger + RETENTION_MARGIN;
}

/** The window moves while it is read: whoever begins at its edge begins so far inside. */
const RETENTION_MARGIN = 16;
/** A network that remembers its genesis has lost nothing. */
const FIRST_LEDGERS = 2;
