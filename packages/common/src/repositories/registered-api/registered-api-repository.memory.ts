import { TenantMap } from "../tenant-map.memory.ts";
import type {
  NewRegisteredApi,
  RegisteredApi,
  RegisteredApiRepository,
} from "./registered-api-repository.ts";

export class MemoryRegisteredApiRepository implements RegisteredApiRepository {
  readonly #apis = new TenantMap<RegisteredApi>();

  async put(tenantId: string, given: NewRegisteredApi, now: Date) {
    const stored = this.#apis.get(tenantId, given.apiId);
    const api: RegisteredApi = {
      ...given,
      settlement: given.settlement ?? { mode: "per_request" },
      createdAt: stored?.createdAt ?? now,
      updatedAt: now,
    };
    this.#apis.set(tenantId, given.apiId, api);
    return { api, isNew: stored === undefined };
  }

  async find(tenantId: string, apiId: string): Promise<RegisteredApi | undefined> {
    return this.#apis.get(tenantId, apiId);
  }
}
