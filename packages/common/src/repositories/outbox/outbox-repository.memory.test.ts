import { makeMemoryAdapters } from "../token/memory-adapters.contract.ts";
import { describeOutboxRepository } from "./outbox-repository.contract.ts";

describeOutboxRepository("memory", makeMemoryAdapters);
