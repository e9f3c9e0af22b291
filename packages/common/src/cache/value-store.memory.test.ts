import { describeValueStore } from "./value-store.contract.ts";
import { MemoryValueStore } from "./value-store.memory.ts";

describeValueStore("memory", async () => new MemoryValueStore(() => performance.now()));
