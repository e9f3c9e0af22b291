import { describeIdempotentReplay } from "./idempotency-replay.contract.ts";
import { describeIdempotencyStore, type MakeStores } from "./idempotency-store.contract.ts";
import { MemoryIdempotencyStore } from "./idempotency-store.memory.ts";

const make: MakeStores = async (time) => {
  const store = new MemoryIdempotencyStore(() => time.nowMs);
  return [store, store];
};

describeIdempotencyStore("memory", make);
describeIdempotentReplay("memory", make, { runs: 300 });
