import type { Clock } from "@orrery/common/contracts/clock";
import { ADVICE } from "@orrery/common/reconciliation/advice";
import {
  clipToRetention,
  firstReadable,
  reconcileLedgers,
} from "@orrery/common/reconciliation/reconcile-ledgers";
import {
  type LedgerRange,
  type ReconciliationSources,
  reconcileVault,
} from "@orrery/common/reconciliation/reconcile-vault";
import type { Difference } from "@orrery/common/repositories/reconciliation/difference";
import type {
  OpenDifference,
  ReconciliationLease,
  ReconciliationStateRepository,
} from "@orrery/common/repositories/reconciliation/reconciliation-state-repository";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import { readRetention } from "@orrery/soroban/vault/charge-events";
import type { ReconciliationMetrics } from "./reconciliation-metrics.ts";

export interface ReconciliationJobOptions {
  readonly sources: ReconciliationSources;
  readonly state: ReconciliationStateRepository;
  readonly metrics: ReconciliationMetrics;
  readonly logger: EngineLogger;
  readonly clock: Clock;
  /** This process, for operators who look at the lease. */
  readonly owner: string;
  /** How far behind the newest ledger it stays: what is younger may still be on its way to its row. */
  readonly settleLedgers?: number;
  /** Ledgers compared between two moves of the cursor. */
  readonly windowLedgers?: number;
}

/** Two minutes of the public network. */
const SETTLE_LEDGERS = 24;
const WINDOW_LEDGERS = 1_000;
const LEASE_MS = 60_000;
const RENEW_MS = LEASE_MS / 3;
const OPEN_PAGE = 500;

/** Thrown to end a run: another instance has the lease by now, or this one is stopping. */
class RunEnded extends Error {}

/**
 * Compares rows and chain, ledger after ledger from where the last run of any instance ended, and
 * looks again at what did not agree. Every difference is logged once and stays in the metrics until
 * it is gone or an operator closes it.
 * @see docs/operations.md
 */
export class ReconciliationJob {
  readonly #options: ReconciliationJobOptions;
  #isStopping = false;

  constructor(options: ReconciliationJobOptions) {
    this.#options = options;
  }

  /** Makes the run that is under way end at the next vault. */
  stop(): void {
    this.#isStopping = true;
  }

  /** One run; does nothing while another instance is at it. @throws {RpcError} */
  async run(): Promise<void> {
    const { state, sources, metrics, owner } = this.#options;
    const retention = await readRetention(sources.rpc);
    const horizon = retention.latestLedger - (this.#options.settleLedgers ?? SETTLE_LEDGERS);
    const lease = await state.lease(owner, LEASE_MS);
    if (lease !== undefined) {
      try {
        await this.#advance(lease, { ...retention, latestLedger: horizon });
        await this.#lookAgain(lease, { fromLedger: firstReadable(retention), toLedger: horizon });
      } catch (error) {
        if (!(error instanceof RunEnded)) throw error;
      } finally {
        await state.release(lease);
      }
    }
    const nextLedger = await state.findNextLedger();
    metrics.lag(Math.max(0, horizon + 1 - (nextLedger ?? retention.oldestLedger)));
  }

  async #advance(
    lease: ReconciliationLease,
    retention: { oldestLedger: number; latestLedger: number },
  ): Promise<void> {
    const { state, sources, windowLedgers = WINDOW_LEDGERS } = this.#options;
    let next = lease.nextLedger ?? firstReadable(retention);
    const wanted = { fromLedger: next, toLedger: retention.latestLedger };
    const { covered, lost } = clipToRetention(wanted, retention);
    if (covered === undefined) return;
    if (lost !== undefined) this.#reportLost(lost);
    next = covered.fromLedger;
    while (next <= retention.latestLedger) {
      const toLedger = Math.min(next + windowLedgers - 1, retention.latestLedger);
      const keepLease = this.#leaseKeeper(lease, next);
      await reconcileLedgers(
        sources,
        { fromLedger: next, toLedger },
        { onDifference: (difference) => this.#report(difference), onProgress: keepLease },
      );
      next = toLedger + 1;
      if (!(await state.advance(lease, next, LEASE_MS))) throw new RunEnded();
    }
  }

  /** Differences that are gone by now are settled; those out of the network's memory stay. */
  async #lookAgain(lease: ReconciliationLease, known: LedgerRange): Promise<void> {
    const { state, clock } = this.#options;
    const nextLedger = known.toLedger + 1;
    const keepLease = this.#leaseKeeper(lease, nextLedger);
    let after: OpenDifference | undefined;
    for (;;) {
      const page = await state.listOpen(after, OPEN_PAGE);
      const visible = page.filter(
        ({ ledger }) => ledger >= known.fromLedger && ledger <= known.toLedger,
      );
      const places = Map.groupBy(visible, (open) => `${open.vaultContractId} ${open.ledger}`);
      for (const open of places.values()) {
        await keepLease();
        await state.settle(await this.#listGone(open), new Date(clock()));
      }
      if (page.length < OPEN_PAGE) return;
      after = page.at(-1);
    }
  }

  /** Of open differences of one vault in one ledger, the ids of those that are not found again. */
  async #listGone(open: readonly OpenDifference[]): Promise<string[]> {
    const [first] = open;
    if (first === undefined) return [];
    const found = new Set<string>();
    const range = { fromLedger: first.ledger, toLedger: first.ledger };
    const tally = { rows: 0, events: 0, confirmedWithoutTransaction: 0, differences: 0 };
    await reconcileVault(
      this.#options.sources,
      first.vaultContractId,
      range,
      tally,
      (difference) => {
        found.add(identityOf(difference));
      },
    );
    return open.filter((one) => !found.has(identityOf(one))).map(({ id }) => id);
  }

  async #report(difference: Difference): Promise<void> {
    const { state, metrics, logger, clock } = this.#options;
    for (const opened of await state.note([difference], new Date(clock()))) {
      metrics.found(opened.kind);
      logger.error({ difference: opened, advice: ADVICE[opened.kind] }, "rows and chain differ");
    }
  }

  #reportLost(lost: LedgerRange): void {
    const { metrics, logger } = this.#options;
    metrics.lost(lost.toLedger - lost.fromLedger + 1);
    logger.error({ ...lost }, "these ledgers left the network's memory and were never compared");
  }

  #leaseKeeper(lease: ReconciliationLease, nextLedger: number): () => Promise<void> {
    const { state, clock } = this.#options;
    let renewedAtMs = clock();
    return async () => {
      if (this.#isStopping) throw new RunEnded();
      if (clock() - renewedAtMs < RENEW_MS) return;
      if (!(await state.advance(lease, nextLedger, LEASE_MS))) throw new RunEnded();
      renewedAtMs = clock();
    };
  }
}

function identityOf({ kind, txHash = "", marker = "" }: Difference): string {
  return `${kind} ${txHash} ${marker}`;
}
