import { useTestDatabase } from "../../testing/contract-database.ts";
import { KyselyRegisteredApiRepository } from "../registered-api/registered-api-repository.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyUsageEventRepository } from "../usage-event/usage-event-repository.kysely.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { describeReservations } from "./reservations.contract.ts";
import { describeReservationsFirst } from "./reservations-first.contract.ts";
import { applyResolutions } from "./settle-settlements.kysely.ts";
import { settlementMarker, type TestTime } from "./settlement-fixture.contract.ts";
import { describeSettlementRepository } from "./settlement-repository.contract.ts";
import { KyselySettlementRepository } from "./settlement-repository.kysely.ts";
import { describeTooLargeSettlements } from "./too-large-settlements.contract.ts";

const test = useTestDatabase();

async function make(time: TestTime) {
  await test.empty();
  const database = test.database();
  const { kysely } = database;
  return {
    settlements: new KyselySettlementRepository({
      database,
      markerOf: settlementMarker,
      clock: () => time.nowMs,
    }),
    events: new KyselyUsageEventRepository(database),
    vaults: new KyselyVaultRepository(kysely),
    apis: new KyselyRegisteredApiRepository(kysely),
    journal: createKyselyJournal({ database: kysely, onResolved: applyResolutions }),
  };
}

describeReservations("kysely", make);
describeReservationsFirst("kysely", make);
describeSettlementRepository("kysely", make);
describeTooLargeSettlements("kysely", make);
