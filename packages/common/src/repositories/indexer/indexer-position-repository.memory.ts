import type { Clock } from "../../contracts/clock.ts";
import type {
  IndexerGap,
  IndexerPosition,
  IndexerPositionRepository,
  IndexerStatus,
} from "./indexer-position-repository.ts";

interface Followed {
  position: IndexerPosition;
  updatedAt: Date;
  holder: string | undefined;
  leaseEndsAtMs: number;
  gaps: IndexerGap[];
}

export class MemoryIndexerPositionRepository implements IndexerPositionRepository {
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async lease(
    contractId: string,
    holder: string,
    { leaseMs, firstLedger }: { leaseMs: number; firstLedger: number },
  ): Promise<IndexerPosition | undefined> {
    const nowMs = this.#clock();
    const followed = this.#followed.get(contractId) ?? {
      position: { cursor: undefined, ledger: firstLedger },
      updatedAt: new Date(nowMs),
      holder: undefined,
      leaseEndsAtMs: 0,
      gaps: [],
    };
    if (followed.holder !== holder && followed.leaseEndsAtMs > nowMs) return undefined;
    this.#followed.set(contractId, {
      ...followed,
      holder,
      leaseEndsAtMs: nowMs + leaseMs,
    });
    return followed.position;
  }

  async advance(
    contractId: string,
    holder: string,
    from: IndexerPosition,
    to: IndexerPosition,
  ): Promise<boolean> {
    const followed = this.#ledBy(contractId, holder, from);
    if (followed === undefined) return false;
    followed.position = to;
    followed.updatedAt = new Date(this.#clock());
    return true;
  }

  async skip(gap: IndexerGap, holder: string, from: IndexerPosition): Promise<boolean> {
    const followed = this.#ledBy(gap.contractId, holder, from);
    if (followed === undefined) return false;
    followed.position = { cursor: undefined, ledger: gap.toLedger + 1 };
    followed.gaps = [
      ...followed.gaps.filter(({ fromLedger }) => fromLedger !== gap.fromLedger),
      gap,
    ];
    return true;
  }

  async release(contractId: string, holder: string): Promise<void> {
    const followed = this.#followed.get(contractId);
    if (followed?.holder === holder) followed.leaseEndsAtMs = 0;
  }

  async list(): Promise<readonly IndexerStatus[]> {
    return [...this.#followed]
      .map(([contractId, { position, updatedAt, gaps }]) => ({
        contractId,
        ...position,
        updatedAt,
        gaps: gaps.toSorted((left, right) => left.fromLedger - right.fromLedger),
      }))
      .toSorted((left, right) => (left.contractId < right.contractId ? -1 : 1));
  }

  async rewind(contractId: string, ledger: number): Promise<"rewound" | "ahead" | "not_followed"> {
    const followed = this.#followed.get(contractId);
    if (followed === undefined) return "not_followed";
    if (ledger > followed.position.ledger) return "ahead";
    followed.position = { cursor: undefined, ledger };
    followed.gaps = followed.gaps.filter((gap) => gap.fromLedger < ledger);
    return "rewound";
  }

  #ledBy(contractId: string, holder: string, from: IndexerPosition): Followed | undefined {
    const followed = this.#followed.get(contractId);
    if (followed === undefined || followed.holder !== holder) return undefined;
    if (followed.leaseEndsAtMs <= this.#clock()) return undefined;
    const { cursor, ledger } = followed.position;
    return cursor === from.cursor && ledger === from.ledger ? followed : undefined;
  }
}
