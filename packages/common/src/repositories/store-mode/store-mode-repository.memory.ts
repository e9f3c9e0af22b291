import type { StoredRepository, StoreSetting } from "../cutover/store-mode.ts";
import type { StoreModeRepository } from "./store-mode-repository.ts";

export class MemoryStoreModeRepository implements StoreModeRepository {
  readonly #settings = new Map<StoredRepository, StoreSetting>();

  async find(repository: StoredRepository): Promise<StoreSetting | undefined> {
    return this.#settings.get(repository);
  }

  async put(repository: StoredRepository, setting: StoreSetting): Promise<void> {
    this.#settings.set(repository, setting);
  }
}
