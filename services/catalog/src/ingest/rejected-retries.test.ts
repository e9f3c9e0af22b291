import { MemoryRejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository.memory";
import { MemoryCatalog } from "@orrery/common/repositories/token/memory-catalog";
import { beforeEach, describe, expect, it } from "vitest";
import { RejectedRetries } from "./rejected-retries.ts";

class Outage extends Error {}

describe("rejected events that were released", () => {
  let rejected: MemoryRejectedEventRepository;
  let tried: string[];
  beforeEach(async () => {
    rejected = new MemoryRejectedEventRepository(() => 0, new MemoryCatalog());
    tried = [];
    for (const eventId of ["e1", "e2", "e3"]) {
      const why = { code: "token_not_found", detail: "No token.", wants: "token:A" };
      await rejected.keep({ tenantId: "acme", eventId, source: "indexer", event: eventId, ...why });
    }
  });

  const retriesWith = (faults: Readonly<Record<string, Error>>) =>
    new RejectedRetries({
      rejected,
      ingest: {
        apply: async (event) => {
          tried.push(String(event));
          const fault = faults[String(event)];
          if (fault !== undefined) throw fault;
          return { status: "applied" };
        },
      },
      isOutage: (error) => error instanceof Outage,
      onError: () => {},
    });
  const left = async () => (await rejected.list(10)).map(({ eventId }) => eventId);

  it("are all tried, whatever fails of them, and the last fault is told", async () => {
    const retries = retriesWith({ e1: new Error("first"), e2: new Error("second") });
    await expect(retries.retry()).rejects.toThrow("second");
    expect(tried).toEqual(["e1", "e2", "e3"]);
    expect(await left()).toEqual(["e1", "e2"]);
  });

  it("wait when nothing can be applied now", async () => {
    await expect(retriesWith({ e1: new Outage("away") }).retry()).rejects.toThrow("away");
    expect(tried).toEqual(["e1"]);
    expect(await left()).toEqual(["e1", "e2", "e3"]);
  });
});
