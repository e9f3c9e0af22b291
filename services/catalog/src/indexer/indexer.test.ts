import { MemoryIndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository.memory";
import { RpcError } from "@orrery/soroban/rpc/rpc-error";
import { describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";
import { Indexer } from "./indexer.ts";

const CONTRACT = "CDVBSEDY43LMIDH5ENIZNEUB4RVHYKTBFI3E3FL6AE7462HRZ7RXLFTA";

describe("the indexer", () => {
  it("is further behind with each ledger that closes while a contract cannot be read", async () => {
    const catalog = await CatalogClient.start({});
    let latest = 10;
    let isReadable = true;
    const lags: number[] = [];
    const indexer = new Indexer({
      ...catalog.catalog.internal,
      contracts: [{ contractId: CONTRACT, tenantId: "acme" }],
      positions: new MemoryIndexerPositionRepository(() => 0),
      rpc: {
        getLatestLedger: async () => ({ sequence: latest }),
        getTransaction: async () => ({
          status: "NOT_FOUND",
          latestLedger: latest,
          oldestLedger: 1,
        }),
        getEvents: async () => {
          if (!isReadable) throw new RpcError("http", "getEvents");
          return { latestLedger: latest, oldestLedger: 1, events: [], cursor: "0" };
        },
      },
      firstLedger: 10,
      intervalMs: 1_000,
      logger: { info: () => {}, warn: () => {}, error: () => {} },
      onLag: (ledgers) => lags.push(ledgers),
    });
    await indexer.followAll();
    isReadable = false;
    latest = 13;
    await indexer.followAll();
    latest = 19;
    await indexer.followAll();
    expect(lags[0]).toBe(0);
    expect(lags.slice(1)).toEqual([3, 9]);
    await indexer.close();
    await catalog.close();
  });
});
