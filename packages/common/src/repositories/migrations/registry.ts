import type { Migration } from "kysely/migration";
import * as foundation from "./0001-foundation.ts";
import * as billing from "./0002-billing.ts";
import * as submissionJournal from "./0003-submission-journal.ts";
import * as eventsAndCache from "./0004-events-and-cache.ts";
import * as catalog from "./0005-catalog.ts";
import * as reconciliation from "./0006-reconciliation.ts";
import * as settlements from "./0007-settlements.ts";
import * as settlementReconciliation from "./0008-settlement-reconciliation.ts";
import * as idempotency from "./0009-idempotency.ts";
import * as streams from "./0010-streams.ts";
import * as exports from "./0011-exports.ts";
import * as logins from "./0012-logins.ts";
import * as tokenSearch from "./0013-token-search.ts";
import * as poolLists from "./0014-pool-lists.ts";
import * as indexer from "./0015-indexer.ts";
import * as reservationsFirst from "./0016-reservations-first.ts";
import * as media from "./0017-media.ts";
import * as storeModes from "./0018-store-modes.ts";
import * as eventBus from "./0019-event-bus.ts";
import * as gatewayAdministration from "./0021-gateway-administration.ts";
import * as requestPlans from "./0023-request-plans.ts";
import * as burnBatches from "./0024-burn-batches.ts";
import * as vaultOwners from "./0025-vault-owners.ts";

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
  "0009-idempotency": idempotency,
  "0010-streams": streams,
  "0011-exports": exports,
  "0012-logins": logins,
  "0013-token-search": tokenSearch,
  "0014-pool-lists": poolLists,
  "0015-indexer": indexer,
  "0016-reservations-first": reservationsFirst,
  "0017-media": media,
  "0018-store-modes": storeModes,
  "0019-event-bus": eventBus,
  "0021-gateway-administration": gatewayAdministration,
  "0023-request-plans": requestPlans,
  "0024-burn-batches": burnBatches,
  "0025-vault-owners": vaultOwners,
};
