import { PeriodicTask } from "@orrery/common/events/periodic-task";
import { StoreCutover } from "@orrery/common/repositories/cutover/store-cutover";
import {
  type Database,
  type OrreryTransaction,
  withTenant,
} from "@orrery/common/repositories/database";
import { applyResolutions } from "@orrery/common/repositories/settlement/settle-settlements.kysely";
import { settleStreams } from "@orrery/common/repositories/stream/settle-statements.kysely";
import { KyselyStreamRepository } from "@orrery/common/repositories/stream/stream-repository.kysely";
import { MemoryStreamRepository } from "@orrery/common/repositories/stream/stream-repository.memory";
import { MovableStreamRepository } from "@orrery/common/repositories/stream-cutover/movable-stream-repository";
import { createStreamProbes } from "@orrery/common/repositories/stream-cutover/stream-probes";
import type { StreamRecord } from "@orrery/common/repositories/stream-cutover/stream-records";
import {
  copyResolvedStream,
  KyselyStreamRecords,
} from "@orrery/common/repositories/stream-cutover/stream-records.kysely";
import { MemoryStreamRecords } from "@orrery/common/repositories/stream-cutover/stream-records.memory";
import { insertIntents } from "@orrery/common/repositories/submission-journal/request-statements.kysely";
import { createKyselyJournal } from "@orrery/common/repositories/submission-journal/submission-journal.kysely";
import { KyselyVaultRepository } from "@orrery/common/repositories/vault/vault-repository.kysely";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { type SharedTerms, termsOf } from "../cutover-terms.ts";
import { MissedSettlements } from "./missed-settlements.ts";

export interface MovableStreamsOptions {
  readonly database: Database;
  /** Whose connections are the engine's. */
  readonly engine: Database;
  readonly terms: SharedTerms;
  readonly onError: (error: unknown) => void;
}

/** How often settlements in memory are looked after that another process may have ended. */
const MISSED_INTERVAL_MS = 5_000;

/** Streams that can be moved, and the journal of charges, which settles them where they are. */
export function composeMovableStreams({ database, engine, terms, onError }: MovableStreamsOptions) {
  const { kysely } = database;
  const stored = createKyselyJournal({
    database: engine.kysely,
    onResolved: (transaction, resolutions) => settle(transaction, resolutions),
  });
  const journal: SubmissionJournal = {
    ...stored,
    resolve: (...transition) => streams.resolving(() => stored.resolve(...transition)),
  };
  const memory = new MemoryStreamRepository({
    vaults: new KyselyVaultRepository(kysely),
    journal: {
      findIntent: (tenantId, intentId) => journal.findIntent(tenantId, intentId),
      insertIntents: (intents) => {
        const tenantIds = [...new Set(intents.map(({ tenantId }) => tenantId))];
        return withTenant(kysely, tenantIds, (transaction) => insertIntents(transaction, intents));
      },
    },
  });
  const postgres = new KyselyStreamRepository({ database: kysely });
  const { gate } = terms;
  const cutover = new StoreCutover<StreamRecord>({
    ...termsOf("stream", terms),
    sides: {
      memory: new MemoryStreamRecords(memory.rows),
      postgres: new KyselyStreamRecords(kysely),
    },
    probes: createStreamProbes({
      sides: { memory, postgres },
      tenantIds: () => memory.rows.streams.tenantIds(),
      gate,
    }),
  });
  const streams = new MovableStreamRepository({
    memory,
    postgres,
    cutover,
    gate,
    settleInPostgres: settleStreams,
    copyResolved: copyResolvedStream,
  });
  async function settle(transaction: OrreryTransaction, resolutions: readonly Resolution[]) {
    await applyResolutions(
      transaction,
      resolutions.filter(({ kind }) => kind !== "stream"),
    );
    await streams.settle(transaction, resolutions);
  }
  const missed = new MissedSettlements({
    listStreams: () => {
      if (cutover.side !== "memory") return [];
      const { streams: rows } = memory.rows;
      return rows
        .tenantIds()
        .flatMap((tenantId) => rows.values(tenantId).map((stream) => ({ tenantId, stream })));
    },
    findIntent: (tenantId, intentId) => journal.findIntent(tenantId, intentId),
    settle: (resolution) => streams.settleMissed(resolution),
  });
  const task = new PeriodicTask({
    intervalMs: MISSED_INTERVAL_MS,
    run: () => missed.run(),
    onError,
  });
  return { streams, journal, cutover, memory, task };
}
