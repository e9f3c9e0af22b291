import { KyselyIndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository.kysely";
import { KyselyRejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository.kysely";
import { KyselyMediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository.kysely";
import { suiteOf } from "./isolation-case.ts";
import { AT, VICTIM } from "./seed.ts";

const FOLLOWED = "the indexer follows the contracts of the deployment, whoever's tokens they are";

const options = { leaseMs: 1_000, firstLedger: 1 };
const from = { cursor: undefined, ledger: 1 };
const gap = { contractId: "C1", fromLedger: 1, toLedger: 2 };
const rejected = { tenantId: VICTIM, eventId: "event", source: "indexer" } as const;
const file = { path: "logo.png", contentType: "image/png", bytes: 1, sha256: "ab", updatedAt: AT };

export const INDEXER_SUITES = [
  suiteOf<KyselyIndexerPositionRepository>({
    name: "KyselyIndexerPositionRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyIndexerPositionRepository(kysely),
    cases: {
      lease: { acrossTenants: FOLLOWED, call: (one) => one.lease("C1", "holder", options) },
      advance: { acrossTenants: FOLLOWED, call: (one) => one.advance("C1", "holder", from, from) },
      skip: { acrossTenants: FOLLOWED, call: (one) => one.skip(gap, "holder", from) },
      release: { acrossTenants: FOLLOWED, call: (one) => one.release("C1", "holder") },
      list: { acrossTenants: FOLLOWED, call: (one) => one.list() },
      rewind: { acrossTenants: FOLLOWED, call: (one) => one.rewind("C1", 1) },
    },
  }),
  suiteOf<KyselyRejectedEventRepository>({
    name: "KyselyRejectedEventRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyRejectedEventRepository(kysely),
    cases: {
      keep: {
        acrossTenants: FOLLOWED,
        call: (events) => events.keep({ ...rejected, event: {}, code: "code", detail: "detail" }),
      },
      list: { acrossTenants: FOLLOWED, call: (events) => events.list(10) },
      find: { acrossTenants: FOLLOWED, call: (events) => events.find(VICTIM, "event") },
      drop: { acrossTenants: FOLLOWED, call: (events) => events.drop(VICTIM, "event") },
      prune: { acrossTenants: FOLLOWED, call: (events) => events.prune(1) },
    },
  }),
  suiteOf<KyselyMediaFileRepository>({
    name: "KyselyMediaFileRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyMediaFileRepository(kysely),
    cases: {
      put: {
        call: (files, tenantId) => files.put(tenantId, { ...file, tokenAddress: "TOKEN" }),
      },
      find: { call: (files, tenantId) => files.find(tenantId, "TOKEN", "kept.png") },
    },
  }),
];
