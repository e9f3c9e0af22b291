import { describeRegisteredApiRepository } from "./registered-api-repository.contract.ts";
import { MemoryRegisteredApiRepository } from "./registered-api-repository.memory.ts";

describeRegisteredApiRepository("memory", async () => new MemoryRegisteredApiRepository());
