import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { readLink, signLink } from "@orrery/common/http/download/signed-link";
import type { ExportJob } from "@orrery/common/repositories/export/export-job";

export interface ExportLinksOptions {
  /** The first signs, all verify. */
  readonly keys: readonly [ContextKey, ...ContextKey[]];
  /** How long a link is good for; never past the export itself. */
  readonly ttlMs: number;
  readonly clock: Clock;
}

/** A link to an export's file: who has it needs no other credential. */
export interface ExportLink {
  readonly path: string;
  readonly expiresAt: Date;
}

const PURPOSE = "export";

/** Signs and reads the links to exports' files. */
export class ExportLinks {
  readonly #options: ExportLinksOptions;

  constructor(options: ExportLinksOptions) {
    this.#options = options;
  }

  linkTo(tenantId: string, { id, expiresAt }: Pick<ExportJob, "id" | "expiresAt">): ExportLink {
    const { keys, ttlMs, clock } = this.#options;
    const untilMs = Math.min(clock() + ttlMs, expiresAt.getTime());
    // Links count in seconds.
    const until = new Date(Math.floor(untilMs / 1_000) * 1_000);
    const terms = { purpose: PURPOSE, tenantId, subject: id, expiresAt: until };
    const query = new URLSearchParams({ ...signLink(terms, keys[0]) });
    return { path: `${API_PREFIX}/exports/${id}/download?${query.toString()}`, expiresAt: until };
  }

  /**
   * The tenant whose export a link opens.
   * @throws {ProblemError} export_url_invalid, export_url_expired
   */
  tenantOf(exportId: string, query: { expires?: string; sig?: string }): string {
    const { keys, clock } = this.#options;
    const reading = readLink({ purpose: PURPOSE, subject: exportId }, query, keys, clock);
    switch (reading.outcome) {
      case "valid":
        return reading.tenantId;
      case "expired":
        throw new ProblemError("export_url_expired", "Ask for the export again for a new link.");
      case "invalid":
        throw new ProblemError("export_url_invalid", "The link was not signed for this export.");
    }
  }
}
