import { describeStoreModeRepository } from "./store-mode-repository.contract.ts";
import { MemoryStoreModeRepository } from "./store-mode-repository.memory.ts";

describeStoreModeRepository("memory", async () => new MemoryStoreModeRepository());
