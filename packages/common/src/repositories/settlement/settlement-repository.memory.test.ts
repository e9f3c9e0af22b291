import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { MemoryRegisteredApiRepository } from "../registered-api/registered-api-repository.memory.ts";
import { MemoryUsageEventRepository } from "../usage-event/usage-event-repository.memory.ts";
import { MemoryVaultRepository } from "../vault/vault-repository.memory.ts";
import { describeReservations } from "./reservations.contract.ts";
import { settlementMarker, type TestTime } from "./settlement-fixture.contract.ts";
import { describeSettlementRepository } from "./settlement-repository.contract.ts";
import { MemorySettlementRepository } from "./settlement-repository.memory.ts";

async function make(time: TestTime) {
  const vaults = new MemoryVaultRepository();
  const apis = new MemoryRegisteredApiRepository();
  const journal = createMemoryJournal({
    onResolved: (_transaction, resolutions) => {
      events.settle(resolutions);
      settlements.settle(resolutions);
    },
  });
  const events = new MemoryUsageEventRepository(vaults, apis, journal);
  const settlements = new MemorySettlementRepository({
    vaults,
    apis,
    events,
    journal,
    markerOf: settlementMarker,
    clock: () => time.nowMs,
  });
  return { settlements, events, vaults, apis, journal };
}

describeReservations("memory", make);
describeSettlementRepository("memory", make);
