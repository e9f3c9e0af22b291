import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { dualCutover, expectEqualSides } from "../cutover/in-dual-mode.contract.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import { withTenant } from "../database.ts";
import { settleStreams } from "../stream/settle-statements.kysely.ts";
import type { StreamFixture, TestTime } from "../stream/stream-fixture.contract.ts";
import { describeStreamLocks } from "../stream/stream-locks.contract.ts";
import { describeStreamRepository } from "../stream/stream-repository.contract.ts";
import { KyselyStreamRepository } from "../stream/stream-repository.kysely.ts";
import { MemoryStreamRepository } from "../stream/stream-repository.memory.ts";
import { insertIntents } from "../submission-journal/request-statements.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { MovableStreamRepository } from "./movable-stream-repository.ts";
import { copyResolvedStream, KyselyStreamRecords } from "./stream-records.kysely.ts";
import { MemoryStreamRecords } from "./stream-records.memory.ts";
import type { StreamRecord } from "./stream-records.ts";

const test = useTestDatabase();
let dual: ReturnType<typeof dualCutover<StreamRecord>> | undefined;
expectEqualSides(() => dual);

const makeReading =
  (reads: StoreSide) =>
  async (time: TestTime): Promise<StreamFixture> => {
    await test.empty();
    const database = test.login("billing").kysely;
    const clock = () => time.nowMs;
    const stored = createKyselyJournal({
      database: test.login("billing", { role: "orrery_submitter" }).kysely,
      onResolved: (transaction, resolutions) => streams.settle(transaction, resolutions),
    });
    const journal: SubmissionJournal = {
      ...stored,
      insertIntents: (intents) =>
        withTenant(
          database,
          intents.map(({ tenantId }) => tenantId),
          (transaction) => insertIntents(transaction, intents),
        ),
      resolve: (...transition) => streams.resolving(() => stored.resolve(...transition)),
    };
    const vaults = new KyselyVaultRepository(database);
    const memory = new MemoryStreamRepository({ vaults, journal, clock });
    dual = dualCutover<StreamRecord>("stream", reads, {
      memory: new MemoryStreamRecords(memory.rows),
      postgres: new KyselyStreamRecords(database),
    });
    const { gate, cutover } = dual;
    const postgres = new KyselyStreamRepository({ database, clock });
    const streams = new MovableStreamRepository({
      memory,
      postgres,
      cutover,
      gate,
      settleInPostgres: settleStreams,
      copyResolved: copyResolvedStream,
    });
    return { streams, vaults, journal };
  };

for (const reads of ["memory", "postgres"] as const) {
  const name = `both, reading ${reads}`;
  describeStreamRepository(name, makeReading(reads));
  describeStreamLocks(name, makeReading(reads));
}
