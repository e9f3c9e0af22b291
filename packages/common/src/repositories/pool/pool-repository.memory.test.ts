import { makeMemoryAdapters } from "../token/memory-adapters.contract.ts";
import { describePoolRepository } from "./pool-repository.contract.ts";

describePoolRepository("memory", makeMemoryAdapters);
