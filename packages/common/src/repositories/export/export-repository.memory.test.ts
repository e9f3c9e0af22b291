import { describeExportRepository } from "./export-repository.contract.ts";
import { MemoryExportRepository } from "./export-repository.memory.ts";

describeExportRepository("memory", async (clock) => new MemoryExportRepository(clock));
