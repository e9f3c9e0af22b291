import type { TimePosition } from "@orrery/common/contracts/keyset-page";
import type {
  UsageFilter,
  UsageGrouping,
  UsagePage,
  UsageReports,
  UsageSummary,
} from "@orrery/common/repositories/usage-report/usage-report";

/** Tells a tenant what it used. */
export class UsageService {
  readonly #reports: UsageReports;

  constructor(reports: UsageReports) {
    this.#reports = reports;
  }

  /** Every usage event that the filter selects, newest first. */
  async list(
    tenantId: string,
    filter: UsageFilter,
    page: { limit: number; after: TimePosition | undefined },
  ): Promise<UsagePage> {
    return this.#reports.list(tenantId, filter, page);
  }

  /** What was charged: pending and failed usage is no part of it. */
  async summarise(
    tenantId: string,
    groupBy: UsageGrouping,
    filter: Omit<UsageFilter, "status">,
    page: { limit: number; afterKey: string | undefined },
  ): Promise<UsageSummary> {
    return this.#reports.summarise(tenantId, groupBy, filter, page);
  }
}
