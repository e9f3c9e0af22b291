import { makeMemoryAdapters } from "../token/memory-adapters.contract.ts";
import { describeTokenRepository } from "./token-repository.contract.ts";

describeTokenRepository("memory", makeMemoryAdapters);
