import type {
  BurnRepository,
  RecordedBurn,
} from "@orrery/common/repositories/burn/burn-repository";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import type { Announcement } from "@orrery/common/repositories/outbox/outbox-repository";
import type { CatalogWrites } from "../catalog-writes.ts";

export interface BurnRequest {
  txHash: string;
  eventIndex?: number;
  from: string;
  amount: string;
  burnedBy: string;
  isAdminBurn?: boolean;
  timestamp?: string;
}

/** Burns as their tenants report them, or as the chain tells of them. */
export class BurnService {
  readonly #burns: BurnRepository;
  readonly #writes: CatalogWrites;

  constructor(burns: BurnRepository, writes: CatalogWrites) {
    this.#burns = burns;
    this.#writes = writes;
  }

  /**
   * Records a burn once, however often it is reported.
   * @throws {ProblemError} token_not_found, burn_exceeds_supply, burn_mismatch
   */
  async record(
    tenantId: string,
    tokenAddress: string,
    { amount, timestamp, eventIndex = 0, isAdminBurn = false, ...request }: BurnRequest,
    { isVerified = false, effect }: { isVerified?: boolean; effect?: Effect<RecordedBurn> } = {},
  ): Promise<RecordedBurn> {
    let announcement: Announcement | undefined;
    const recorded = await this.#burns.record(
      tenantId,
      {
        ...request,
        eventIndex,
        isAdminBurn,
        id: this.#writes.newId(),
        tokenAddress,
        amount: BigInt(amount),
        verified: isVerified,
        burnedAt: timestamp === undefined ? undefined : new Date(timestamp),
        createdAt: this.#writes.now(),
      },
      (tokenId) => {
        announcement = this.#writes.announce("burn.created", tenantId, { tokenId });
        return announcement;
      },
      effect,
    );
    if (announcement !== undefined) this.#writes.committed(announcement, recorded.sequence);
    return recorded;
  }
}
