import { describeQuotaStore } from "./quota-store.contract.ts";
import { MemoryQuotaStore } from "./quota-store.memory.ts";

// Whole milliseconds: what is added to a fraction and taken off again may come out larger.
const clock = () => Math.floor(performance.now());

describeQuotaStore("memory", async () => new MemoryQuotaStore(clock));
