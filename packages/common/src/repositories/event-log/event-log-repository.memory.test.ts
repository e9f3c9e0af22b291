import { MemoryOutboxRepository } from "../outbox/outbox-repository.memory.ts";
import { announcementOf } from "../token/catalog-fixtures.contract.ts";
import { describeEventLogRepository } from "./event-log-repository.contract.ts";
import { MemoryEventLogRepository } from "./event-log-repository.memory.ts";

describeEventLogRepository("memory", async () => {
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  const clock = () => nowMs;
  const log = new MemoryEventLogRepository(clock);
  const outbox = new MemoryOutboxRepository(clock, log);
  return {
    outbox,
    log,
    announce: async (event) => void outbox.append(announcementOf(event, "acme")),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
