import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { type Clock, systemClock } from "../../contracts/clock.ts";
import { MemoryRegisteredApiRepository } from "../registered-api/registered-api-repository.memory.ts";
import { MemorySettlementRepository } from "../settlement/settlement-repository.memory.ts";
import { MemoryStreamRepository } from "../stream/stream-repository.memory.ts";
import { MemoryUsageEventRepository } from "../usage-event/usage-event-repository.memory.ts";
import { MemoryUsageReports } from "../usage-report/usage-report.memory.ts";
import { MemoryVaultRepository } from "../vault/vault-repository.memory.ts";

interface MemoryStoresOptions {
  /** The request id of a settlement's charge. */
  readonly markerOf?: (tenantId: string, settlementId: string) => string;
  readonly clock?: Clock;
}

/**
 * The memory adapters of everything that is charged, over one journal, whose hook settles them as
 * Postgres does in the journal's own transaction.
 */
export function composeMemoryStores(options: MemoryStoresOptions = {}) {
  const { clock = systemClock, markerOf = (...names) => names.join("/") } = options;
  const vaults = new MemoryVaultRepository();
  const apis = new MemoryRegisteredApiRepository();
  const journal = createMemoryJournal({
    onResolved: (_transaction, resolutions) => {
      events.settle(resolutions);
      settlements.settle(resolutions);
      streams.settle(resolutions);
    },
  });
  const events = new MemoryUsageEventRepository(vaults, apis, journal);
  const parties = { vaults, apis, events, journal };
  const settlements = new MemorySettlementRepository({ ...parties, markerOf, clock });
  const streams = new MemoryStreamRepository({ vaults, journal, clock });
  return { ...parties, settlements, streams, reports: new MemoryUsageReports(events) };
}
