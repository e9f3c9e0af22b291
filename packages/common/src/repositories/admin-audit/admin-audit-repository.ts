import type { AdminAct } from "./admin-act.ts";

export interface AdminActPage {
  readonly acts: readonly AdminAct[];
  readonly hasNext: boolean;
  /** Acts in all, not on this page alone. */
  readonly total: number;
}

/** What administrators did, on the whole platform. Acts are appended by the writes that they are of. */
export interface AdminAuditRepository {
  /** Newest first; those before `beforeId` when it is given. */
  list(page: { limit: number; beforeId?: string | undefined }): Promise<AdminActPage>;
}
