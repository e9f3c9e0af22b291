import { describeIndexerPositionRepository } from "./indexer-position-repository.contract.ts";
import { MemoryIndexerPositionRepository } from "./indexer-position-repository.memory.ts";

describeIndexerPositionRepository("memory", async () => {
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  return {
    positions: new MemoryIndexerPositionRepository(() => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
