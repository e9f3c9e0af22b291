import { randomUUID } from "node:crypto";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type {
  IndexerPosition,
  IndexerPositionRepository,
} from "@orrery/common/repositories/indexer/indexer-position-repository";
import type { RejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository";
import {
  type ContractEvent,
  EventsGoneError,
  readContractEvents,
} from "@orrery/soroban/events/read-contract-events";
import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import type { EventIngest } from "../ingest/event-ingest.ts";
import { wantedBy } from "../ingest/wanted.ts";
import { decodeCatalogEvent } from "./decode-event.ts";

/** A contract whose events are a tenant's. */
export interface FollowedContract {
  readonly contractId: string;
  readonly tenantId: string;
}

export interface IndexerLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface IndexerOptions {
  readonly contracts: readonly FollowedContract[];
  readonly rpc: Pick<SorobanRpc, "getEvents" | "getTransaction" | "getLatestLedger">;
  readonly positions: IndexerPositionRepository;
  readonly rejected: RejectedEventRepository;
  readonly ingest: EventIngest;
  /** Where a contract begins that was never followed; undefined: at the newest ledger. */
  readonly firstLedger: number | undefined;
  readonly intervalMs: number;
  readonly logger: IndexerLogger;
  /** Told how many ledgers an instance is behind on what it leads. */
  readonly onLag: (ledgers: number) => void;
}

const PAGE_EVENTS = 200;
/** Longer than a page takes; an instance that dies is replaced so much later. */
const LEASE_MS = 15_000;
/** Pages of one contract before the others have their turn. */
const MAX_PAGES = 20;
/** The network forgets while a gap is skipped: so far inside of what it keeps the reading goes on. */
const MARGIN_LEDGERS = 16;

/**
 * Follows contracts' events and applies each once: an event is applied before the position that is
 * behind it is kept, and applying it again changes nothing. One instance leads a contract at a time.
 */
export class Indexer {
  readonly #options: IndexerOptions;
  readonly #holder = randomUUID();
  readonly #task: PeriodicTask;
  /** How far each contract was read that this instance leads, as of its last look. */
  readonly #reached = new Map<string, number>();
  #isClosing = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#task = new PeriodicTask({
      intervalMs: options.intervalMs,
      run: () => this.followAll(),
      onError: (error) => options.logger.warn({ err: error }, "the indexer could not go on"),
    });
  }

  start(): void {
    if (this.#options.contracts.length > 0) this.#task.start();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#task.close();
    for (const { contractId } of this.#options.contracts) {
      await this.#options.positions.release(contractId, this.#holder).catch(() => {});
    }
  }

  /** One round over all contracts; one that fails does not hold up the others. */
  async followAll(): Promise<void> {
    const { sequence: latest } = await this.#options.rpc.getLatestLedger();
    for (const contract of this.#options.contracts) {
      if (this.#isClosing) return;
      try {
        await this.#follow(contract, latest);
      } catch (err) {
        const { contractId } = contract;
        this.#options.logger.warn({ err, contractId }, "a contract's events could not be read");
      }
    }
    // One that could not be read is behind by more each time, not done.
    const lags = [...this.#reached.values()].map((reached) => latest - reached);
    this.#options.onLag(Math.max(0, ...lags));
  }

  /** Reads what is new, unless another instance leads. */
  async #follow(contract: FollowedContract, latest: number): Promise<void> {
    const { positions, firstLedger = latest } = this.#options;
    const { contractId } = contract;
    for (let page = 0; page < MAX_PAGES && !this.#isClosing; page += 1) {
      const lease = { leaseMs: LEASE_MS, firstLedger };
      const position = await positions.lease(contractId, this.#holder, lease);
      if (position === undefined) {
        this.#reached.delete(contractId);
        return;
      }
      this.#reached.set(contractId, position.ledger);
      const next = await this.#applyPage(contract, position);
      if (next === undefined) break;
      // Set back by an operator, or led by another: the next look finds out which.
      const { cursor, ledger } = next;
      if (!(await positions.advance(contractId, this.#holder, position, { cursor, ledger })))
        continue;
      this.#reached.set(contractId, next.ledger);
      if (!next.isFull) break;
    }
  }

  /** Undefined: there is nothing yet, or the position was set behind a gap. */
  async #applyPage(
    contract: FollowedContract,
    position: IndexerPosition,
  ): Promise<(IndexerPosition & { readonly isFull: boolean }) | undefined> {
    const { rpc } = this.#options;
    const { cursor, ledger } = position;
    const from = cursor === undefined ? { ledger } : { cursor };
    try {
      const page = await readContractEvents(rpc, contract.contractId, from, PAGE_EVENTS);
      if (page === undefined) return undefined;
      for (const event of page.events) await this.#apply(contract, event);
      const isFull = page.events.length === PAGE_EVENTS;
      return { cursor: page.cursor, ledger: page.ledger, isFull };
    } catch (error) {
      if (!(error instanceof EventsGoneError)) throw error;
      await this.#skip(contract, position, error.oldestLedger);
      return undefined;
    }
  }

  async #apply({ tenantId }: FollowedContract, event: ContractEvent): Promise<void> {
    const { ingest, rejected, logger } = this.#options;
    const decoded = decodeCatalogEvent(event, tenantId);
    if (decoded === undefined) return;
    const result = await ingest.apply(decoded, { isVerified: true });
    if (result.status !== "rejected") return;
    const { eventId } = decoded;
    const { code, detail } = result;
    const wants = wantedBy(decoded, code);
    const why = { code, detail, ...(wants !== undefined && { wants }) };
    await rejected.keep({ tenantId, eventId, source: "indexer", event: decoded, ...why });
    logger.warn({ tenantId, eventId, code }, "an event of the chain could not be applied");
  }

  async #skip(
    { contractId }: FollowedContract,
    position: IndexerPosition,
    oldestLedger: number,
  ): Promise<void> {
    const { positions, logger } = this.#options;
    const fromLedger = position.ledger + (position.cursor === undefined ? 0 : 1);
    const toLedger = Math.max(fromLedger, oldestLedger + MARGIN_LEDGERS - 1);
    const gap = { contractId, fromLedger, toLedger };
    if (!(await positions.skip(gap, this.#holder, position))) return;
    logger.error(
      gap,
      "the network has forgotten ledgers that were not read; docs/indexer.md tells how to fill the gap",
    );
  }
}
