import type {
  AdminActPage,
  AdminAuditRepository,
} from "@orrery/common/repositories/admin-audit/admin-audit-repository";

/** What administrators did. */
export class AuditService {
  readonly #audit: AdminAuditRepository;

  constructor(audit: AdminAuditRepository) {
    this.#audit = audit;
  }

  /** Newest first. */
  async list(page: { limit: number; beforeId: string | undefined }): Promise<AdminActPage> {
    return this.#audit.list(page);
  }
}
