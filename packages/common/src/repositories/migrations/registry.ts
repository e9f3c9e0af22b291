import type { Migration } from "kysely/migration";
import * as foundation from "./0001-foundation.ts";
import * as billing from "./0002-billing.ts";
import * as submissionJournal from "./0003-submission-journal.ts";
import * as eventsAndCache from "./0004-events-and-cache.ts";
import * as catalog from "./0005-catalog.ts";
import * as reconciliation from "./0006-reconciliation.ts";
import * as settlements from "./0007-settlements.ts";
import * as settlementReconciliation from "./0008-settlement-reconciliation.ts";

/** Every migration in order. Additive only: the previous release runs beside the new schema. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-foundation": foundation,
  "0002-billing": billing,
  "0003-submission-journal": submissionJournal,
  "0004-events-and-cache": eventsAndCache,
  "0005-catalog": catalog,
  "0006-reconciliation": reconciliation,
  "0007-settlements": settlements,
  "0008-settlement-reconciliation": settlementReconciliation,
};
