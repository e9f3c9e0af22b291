import type { SettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository";
import type { StreamRepository } from "@orrery/common/repositories/stream/stream-repository";
import type { UsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository";
import type { VaultService } from "../vaults/vault-service.ts";

/** What a vault holds on chain, as of a ledger. */
export interface ChainBalance {
  readonly balanceStroops: bigint;
  readonly ledger: number;
}

export interface Balance extends ChainBalance {
  readonly contractId: string;
  /** Accepted against the vault and not yet on chain. */
  readonly pendingStroops: bigint;
}

interface BalanceServiceOptions {
  vaults: Pick<VaultService, "get">;
  events: Pick<UsageEventRepository, "sumPending">;
  settlements: Pick<SettlementRepository, "sumReserved">;
  streams: Pick<StreamRepository, "sumSettling">;
  /** @throws {ProblemError} soroban_unavailable, vault_not_found when there is no such contract */
  readBalance: (contractId: string) => Promise<ChainBalance>;
}

/** What users have, and what is about to be taken from it. */
export class BalanceService {
  readonly #options: BalanceServiceOptions;

  constructor(options: BalanceServiceOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} vault_not_found, soroban_unavailable */
  async get(tenantId: string, userId: string): Promise<Balance> {
    const { vaults, events, settlements, streams, readBalance } = this.#options;
    const { contractId } = await vaults.get(tenantId, userId);
    const onChain = await readBalance(contractId);
    const deducted = await events.sumPending(tenantId, userId);
    const reserved = await settlements.sumReserved(tenantId, contractId);
    const streamed = await streams.sumSettling(tenantId, contractId);
    return { contractId, ...onChain, pendingStroops: deducted + reserved + streamed };
  }
}
