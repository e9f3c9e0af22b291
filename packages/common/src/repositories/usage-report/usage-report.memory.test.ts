import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { MemoryRegisteredApiRepository } from "../registered-api/registered-api-repository.memory.ts";
import { MemoryUsageEventRepository } from "../usage-event/usage-event-repository.memory.ts";
import { MemoryVaultRepository } from "../vault/vault-repository.memory.ts";
import { describeUsageReports } from "./usage-report.contract.ts";
import { MemoryUsageReports } from "./usage-report.memory.ts";

describeUsageReports("memory", async () => {
  const vaults = new MemoryVaultRepository();
  const apis = new MemoryRegisteredApiRepository();
  const journal = createMemoryJournal({
    onResolved: (_transaction, resolutions) => events.settle(resolutions),
  });
  const events = new MemoryUsageEventRepository(vaults, apis, journal);
  return { events, vaults, apis, journal, reports: new MemoryUsageReports(events) };
});
