import { describeDeadLetterRepository } from "./dead-letter-repository.contract.ts";
import { MemoryDeadLetterRepository } from "./dead-letter-repository.memory.ts";

describeDeadLetterRepository("memory", async () => {
  let nowMs = Date.parse("2026-05-01T00:00:00Z");
  return {
    letters: new MemoryDeadLetterRepository(() => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
});
