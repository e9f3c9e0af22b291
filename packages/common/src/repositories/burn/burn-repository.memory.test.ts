import { makeMemoryAdapters } from "../token/memory-adapters.contract.ts";
import { describeBurnRepository } from "./burn-repository.contract.ts";

describeBurnRepository("memory", makeMemoryAdapters);
