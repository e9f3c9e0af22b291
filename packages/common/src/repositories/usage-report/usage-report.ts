import type { TimePosition } from "../../contracts/keyset-page.ts";
import type { UsageEvent } from "../usage-event/usage-event.ts";

/** Which usage events are meant; what is absent does not restrict. */
export interface UsageFilter {
  readonly userId?: string;
  readonly apiId?: string;
  readonly endpointId?: string;
  readonly status?: UsageEvent["status"];
  /** A UUID. */
  readonly settlementId?: string;
  /** Accepted at this time or later. */
  readonly from?: Date;
  /** Accepted before this time. */
  readonly to?: Date;
}

export interface UsagePage {
  readonly events: readonly UsageEvent[];
  readonly hasNext: boolean;
  /** Events that the filter selects, on all pages. */
  readonly total: number;
}

/** What usage is summed by: the UTC day of its acceptance, or one of its ids. */
export type UsageGrouping = "day" | "api" | "endpoint" | "user";

export interface UsageGroup {
  /** The id, or the day as `YYYY-MM-DD`. */
  readonly key: string;
  readonly count: number;
  readonly amountStroops: bigint;
}

export interface UsageSummary {
  readonly groups: readonly UsageGroup[];
  readonly hasNext: boolean;
  /** Groups in all, and what they sum up to. */
  readonly total: number;
  readonly count: number;
  readonly amountStroops: bigint;
}

/** Reads a tenant's usage events. */
export interface UsageReports {
  /** Newest first by (createdAt, id), both descending; those behind `after` when it is given. */
  list(
    tenantId: string,
    filter: UsageFilter,
    page: { readonly limit: number; readonly after?: TimePosition | undefined },
  ): Promise<UsagePage>;

  /**
   * Sums confirmed charges, ascending by key, compared byte by byte; the groups behind `afterKey`
   * when it is given.
   */
  summarise(
    tenantId: string,
    groupBy: UsageGrouping,
    filter: Omit<UsageFilter, "status">,
    page: { readonly limit: number; readonly afterKey?: string | undefined },
  ): Promise<UsageSummary>;
}
