import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { MemoryRegisteredApiRepository } from "../registered-api/registered-api-repository.memory.ts";
import { MemoryVaultRepository } from "../vault/vault-repository.memory.ts";
import { describeAcceptMany } from "./accept-many.contract.ts";
import { describeUsageEventRepository } from "./usage-event-repository.contract.ts";
import { MemoryUsageEventRepository } from "./usage-event-repository.memory.ts";

async function make() {
  const vaults = new MemoryVaultRepository();
  const apis = new MemoryRegisteredApiRepository();
  const journal = createMemoryJournal({
    onResolved: (_transaction, resolutions) => events.settle(resolutions),
  });
  const events = new MemoryUsageEventRepository(vaults, apis, journal);
  return { events, vaults, apis, journal };
}

describeUsageEventRepository("memory", make);
describeAcceptMany("memory", make);
