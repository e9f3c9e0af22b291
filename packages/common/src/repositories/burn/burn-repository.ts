import type { Effect } from "../idempotency/effect.ts";
import type { Announcement } from "../outbox/outbox-repository.ts";

/** One burn of a token, known by its transaction and its place in it. */
export interface Burn {
  readonly id: string;
  readonly tokenAddress: string;
  readonly txHash: string;
  readonly eventIndex: number;
  readonly from: string;
  readonly amount: bigint;
  readonly burnedBy: string;
  readonly isAdminBurn: boolean;
  /** Whether the indexer saw it on chain. */
  readonly verified: boolean;
  readonly burnedAt: Date;
  readonly createdAt: Date;
}

export interface NewBurn extends Omit<Burn, "burnedAt"> {
  /** Undefined: when it is recorded, by the database's clock. */
  readonly burnedAt: Date | undefined;
}

export interface RecordedBurn {
  readonly burn: Burn;
  /** Undefined: the burn was recorded before, and nothing has changed now. */
  readonly sequence: bigint | undefined;
}

export interface BurnRepository {
  /**
   * Records a burn, takes it from the token's supply and queues its event, all or nothing; the
   * same (txHash, eventIndex) of the token again changes nothing, but that a burn which the chain
   * tells of is verified from then on. `announce` is given the token's id. With it commits the
   * answer of `effect`.
   * @throws {ProblemError} token_not_found, burn_exceeds_supply, burn_mismatch
   */
  record(
    tenantId: string,
    burn: NewBurn,
    announce: (tokenId: string) => Announcement,
    effect?: Effect<RecordedBurn>,
  ): Promise<RecordedBurn>;
}

/**
 * Whether a burn that arrives again says what the recorded one says; a time that it leaves out agrees,
 * and so does the ledger's, which whoever reported the burn could not know.
 */
export function isSameBurn(recorded: Burn, again: NewBurn): boolean {
  return (
    recorded.from === again.from &&
    recorded.amount === again.amount &&
    recorded.burnedBy === again.burnedBy &&
    recorded.isAdminBurn === again.isAdminBurn &&
    (again.burnedAt === undefined ||
      again.verified ||
      recorded.verified ||
      recorded.burnedAt.getTime() === again.burnedAt.getTime())
  );
}
