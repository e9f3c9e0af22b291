import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type {
  NewRegisteredApi,
  RegisteredApi,
  RegisteredApiRepository,
} from "@orrery/common/repositories/registered-api/registered-api-repository";
import { assertAddress } from "../stellar-address.ts";

/** Which APIs are charged for, and where their earnings go. */
export class ApiService {
  readonly #apis: RegisteredApiRepository;
  readonly #clock: Clock;

  constructor(apis: RegisteredApiRepository, clock: Clock) {
    this.#apis = apis;
    this.#clock = clock;
  }

  /** @throws {ProblemError} invalid_request when the address's checksum is wrong */
  async put(
    tenantId: string,
    api: NewRegisteredApi,
  ): Promise<{ api: RegisteredApi; isNew: boolean }> {
    assertAddress(api.payoutAddress, "#/payoutAddress");
    return this.#apis.put(tenantId, api, new Date(this.#clock()));
  }

  /** @throws {ProblemError} api_not_found */
  async get(tenantId: string, apiId: string): Promise<RegisteredApi> {
    const api = await this.#apis.find(tenantId, apiId);
    if (api !== undefined) return api;
    throw new ProblemError("api_not_found", `The API ${apiId} is not registered.`);
  }
}
