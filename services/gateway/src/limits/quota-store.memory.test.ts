import { describeQuotaStore } from "./quota-store.contract.ts";
import { MemoryQuotaStore } from "./quota-store.memory.ts";

describeQuotaStore("memory", async () => new MemoryQuotaStore(() => performance.now()));
