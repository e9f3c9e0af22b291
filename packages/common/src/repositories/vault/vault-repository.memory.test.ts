import { describeVaultRepository } from "./vault-repository.contract.ts";
import { MemoryVaultRepository } from "./vault-repository.memory.ts";

describeVaultRepository("memory", async () => new MemoryVaultRepository());
