import type { TimePosition } from "../../contracts/keyset-page.ts";
import type { UsageEvent } from "../usage-event/usage-event.ts";
import type {
  UsageFilter,
  UsageGroup,
  UsageGrouping,
  UsagePage,
  UsageReports,
  UsageSummary,
} from "./usage-report.ts";

const KEYS: Readonly<Record<UsageGrouping, (event: UsageEvent) => string>> = {
  day: ({ createdAt }) => createdAt.toISOString().slice(0, "2000-01-01".length),
  api: ({ apiId }) => apiId,
  endpoint: ({ endpointId }) => endpointId,
  user: ({ userId }) => userId,
};

export class MemoryUsageReports implements UsageReports {
  readonly #events: { values(tenantId: string): readonly UsageEvent[] };

  constructor(events: { values(tenantId: string): readonly UsageEvent[] }) {
    this.#events = events;
  }

  async list(
    tenantId: string,
    filter: UsageFilter,
    { limit, after }: { limit: number; after?: TimePosition | undefined },
  ): Promise<UsagePage> {
    const selected = this.#select(tenantId, filter);
    const following = selected
      .filter((event) => after === undefined || newestFirst(positionOf(event), after) > 0)
      .toSorted((a, b) => newestFirst(positionOf(a), positionOf(b)));
    return {
      events: following.slice(0, limit),
      hasNext: following.length > limit,
      total: selected.length,
    };
  }

  async summarise(
    tenantId: string,
    groupBy: UsageGrouping,
    filter: Omit<UsageFilter, "status">,
    { limit, afterKey }: { limit: number; afterKey?: string | undefined },
  ): Promise<UsageSummary> {
    const groups = new Map<string, UsageGroup>();
    let amountStroops = 0n;
    const confirmed = this.#select(tenantId, { ...filter, status: "confirmed" });
    for (const event of confirmed) {
      const key = KEYS[groupBy](event);
      const group = groups.get(key) ?? { key, count: 0, amountStroops: 0n };
      groups.set(key, {
        key,
        count: group.count + 1,
        amountStroops: group.amountStroops + event.amountStroops,
      });
      amountStroops += event.amountStroops;
    }
    const following = [...groups.values()]
      .filter(({ key }) => afterKey === undefined || key > afterKey)
      .toSorted((a, b) => compare(a.key, b.key));
    return {
      groups: following.slice(0, limit),
      hasNext: following.length > limit,
      total: groups.size,
      count: confirmed.length,
      amountStroops,
    };
  }

  #select(tenantId: string, filter: UsageFilter): UsageEvent[] {
    const { userId, apiId, endpointId, status, settlementId, from, to } = filter;
    return this.#events
      .values(tenantId)
      .filter(
        (event) =>
          (userId === undefined || event.userId === userId) &&
          (apiId === undefined || event.apiId === apiId) &&
          (endpointId === undefined || event.endpointId === endpointId) &&
          (status === undefined || event.status === status) &&
          (settlementId === undefined || event.settlementId === settlementId) &&
          (from === undefined || event.createdAt >= from) &&
          (to === undefined || event.createdAt < to),
      );
  }
}

function positionOf({ createdAt, id }: UsageEvent): TimePosition {
  return { at: createdAt, id };
}

function newestFirst(a: TimePosition, b: TimePosition): number {
  return b.at.getTime() - a.at.getTime() || compare(b.id, a.id);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
