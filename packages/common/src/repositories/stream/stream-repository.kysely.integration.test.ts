import { useTestDatabase } from "../../testing/contract-database.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { settleStreams } from "./settle-statements.kysely.ts";
import type { StreamFixture, TestTime } from "./stream-fixture.contract.ts";
import { describeStreamLists } from "./stream-lists.contract.ts";
import { describeStreamLocks } from "./stream-locks.contract.ts";
import { describeStreamRepository } from "./stream-repository.contract.ts";
import { KyselyStreamRepository } from "./stream-repository.kysely.ts";

/** As billing connects: requests and the engine, each with its role alone. */
const test = useTestDatabase();

async function make(time: TestTime): Promise<StreamFixture> {
  await test.empty();
  const database = test.login("billing").kysely;
  const engineDatabase = test.login("billing", { role: "orrery_submitter" }).kysely;
  return {
    streams: new KyselyStreamRepository({ database, clock: () => time.nowMs }),
    vaults: new KyselyVaultRepository(database),
    journal: createKyselyJournal({ database: engineDatabase, onResolved: settleStreams }),
  };
}

describeStreamRepository("kysely", make);
describeStreamLists("kysely", make);
describeStreamLocks("kysely", make);
