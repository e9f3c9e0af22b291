import type { AdminAct } from "./admin-act.ts";
import type { AdminActPage, AdminAuditRepository } from "./admin-audit-repository.ts";

export class MemoryAdminAuditRepository implements AdminAuditRepository {
  readonly #acts: AdminAct[] = [];

  /** What the memory adapters of administration call when they have written. */
  readonly append = (act: AdminAct | undefined): void => {
    if (act !== undefined) this.#acts.push(act);
  };

  async list({ limit, beforeId }: { limit: number; beforeId?: string }): Promise<AdminActPage> {
    const following = this.#acts
      .filter(({ id }) => beforeId === undefined || id < beforeId)
      .toSorted((a, b) => (a.id > b.id ? -1 : 1));
    return {
      acts: following.slice(0, limit),
      hasNext: following.length > limit,
      total: this.#acts.length,
    };
  }
}
