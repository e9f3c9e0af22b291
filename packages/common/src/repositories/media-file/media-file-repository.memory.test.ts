import { makeMemoryAdapters } from "../token/memory-adapters.contract.ts";
import { describeMediaFileRepository } from "./media-file-repository.contract.ts";
import { MemoryMediaFileRepository } from "./media-file-repository.memory.ts";

describeMediaFileRepository("memory", async () => {
  const catalog = await makeMemoryAdapters();
  return { files: new MemoryMediaFileRepository(catalog.tokens), catalog };
});
