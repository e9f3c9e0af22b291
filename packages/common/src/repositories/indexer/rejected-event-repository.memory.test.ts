import { describeRejectedEventRepository } from "./rejected-event-repository.contract.ts";
import { MemoryRejectedEventRepository } from "./rejected-event-repository.memory.ts";

describeRejectedEventRepository("memory", async () => {
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  return {
    events: new MemoryRejectedEventRepository(() => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
