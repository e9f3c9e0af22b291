import { KyselyDeadLetterRepository } from "@orrery/common/repositories/dead-letter/dead-letter-repository.kysely";
import { KyselyEventLogRepository } from "@orrery/common/repositories/event-log/event-log-repository.kysely";
import { KyselyIndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository.kysely";
import { KyselyRejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository.kysely";
import { KyselyMediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository.kysely";
import { OWN_ROW, suiteOf } from "./isolation-case.ts";
import { AT, IDS, VICTIM } from "./seed.ts";

const FOLLOWED = "the indexer follows the contracts of the deployment, whoever's tokens they are";

const options = { leaseMs: 1_000, firstLedger: 1 };
const from = { cursor: undefined, ledger: 1 };
const gap = { contractId: "C1", fromLedger: 1, toLedger: 2 };
const rejected = { tenantId: VICTIM, eventId: "event", source: "indexer" } as const;
const CONSUMED = "the consumers of events are the platform's, whoever's write an event tells of";
const event = {
  id: IDS.token,
  type: "pool.created",
  tenantId: VICTIM,
  occurredAt: AT,
  payload: { poolId: "pool" },
} as const;
const group = "rejected-retries";
const letter = { group, event, detail: "detail", deliveries: 1 } as const;
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
      release: { acrossTenants: CONSUMED, call: (events) => events.release(group, event) },
      take: { acrossTenants: FOLLOWED, call: (events) => events.take(1, 1_000) },
      prune: { acrossTenants: FOLLOWED, call: (events) => events.prune(1) },
    },
  }),
  suiteOf<KyselyDeadLetterRepository>({
    name: "KyselyDeadLetterRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyDeadLetterRepository(kysely),
    cases: {
      bury: { acrossTenants: CONSUMED, call: (letters) => letters.bury(letter) },
      list: { acrossTenants: CONSUMED, call: (letters) => letters.list(10) },
      find: {
        acrossTenants: CONSUMED,
        call: (letters) => letters.find(group, VICTIM, event.id),
      },
      drop: {
        acrossTenants: CONSUMED,
        call: (letters) => letters.drop(group, VICTIM, event.id),
      },
      prune: { acrossTenants: CONSUMED, call: (letters) => letters.prune(1) },
    },
  }),
  suiteOf<KyselyEventLogRepository>({
    name: "KyselyEventLogRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyEventLogRepository(kysely),
    cases: {
      readHeads: { acrossTenants: CONSUMED, call: (log) => log.readHeads() },
      read: { acrossTenants: CONSUMED, call: (log) => log.read("pool.created", 0n, 10) },
      prune: { acrossTenants: CONSUMED, call: (log) => log.prune("pool.created", 1n, 1) },
    },
  }),
  suiteOf<KyselyMediaFileRepository>({
    name: "KyselyMediaFileRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyMediaFileRepository(kysely),
    cases: {
      put: {
        harmless: OWN_ROW,
        call: (files, tenantId) => files.put(tenantId, { ...file, tokenAddress: "TOKEN" }),
      },
      find: { call: (files, tenantId) => files.find(tenantId, "TOKEN", "kept.png") },
    },
  }),
];
