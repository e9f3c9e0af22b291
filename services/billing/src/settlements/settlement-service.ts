import { ProblemError } from "@orrery/common/contracts/errors";
import { isUuid } from "@orrery/common/contracts/id";
import type { TimePosition } from "@orrery/common/contracts/keyset-page";
import type { Settlement } from "@orrery/common/repositories/settlement/settlement";
import type {
  SettlementFilter,
  SettlementPage,
  SettlementRepository,
} from "@orrery/common/repositories/settlement/settlement-repository";

/** Tells a tenant of its aggregated settlements. */
export class SettlementService {
  readonly #settlements: Pick<SettlementRepository, "find" | "list">;

  constructor(settlements: Pick<SettlementRepository, "find" | "list">) {
    this.#settlements = settlements;
  }

  /** @throws {ProblemError} settlement_not_found */
  async get(tenantId: string, id: string): Promise<Settlement> {
    const settlement = isUuid(id) ? await this.#settlements.find(tenantId, id) : undefined;
    if (settlement !== undefined) return settlement;
    throw new ProblemError("settlement_not_found", "There is no settlement with this id.");
  }

  /** Newest first. */
  async list(
    tenantId: string,
    filter: SettlementFilter,
    { limit, after }: { limit: number; after: TimePosition | undefined },
  ): Promise<SettlementPage> {
    const page = after === undefined ? { limit } : { limit, after };
    return this.#settlements.list(tenantId, filter, page);
  }
}
