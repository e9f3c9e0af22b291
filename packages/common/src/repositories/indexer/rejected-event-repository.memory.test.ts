import { MemoryOutboxRepository } from "../outbox/outbox-repository.memory.ts";
import { MemoryCatalog } from "../token/memory-catalog.ts";
import { MemoryTokenRepository } from "../token/token-repository.memory.ts";
import { describeRejectedEventRepository } from "./rejected-event-repository.contract.ts";
import { MemoryRejectedEventRepository } from "./rejected-event-repository.memory.ts";

describeRejectedEventRepository("memory", async () => {
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  const clock = () => nowMs;
  const catalog = new MemoryCatalog();
  return {
    tokens: new MemoryTokenRepository(catalog, new MemoryOutboxRepository(clock)),
    events: new MemoryRejectedEventRepository(clock, catalog),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
