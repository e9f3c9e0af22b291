import type { SettlementTerms } from "../settlement/settlement.ts";

/** An API whose calls are charged, and which address its earnings go to. */
export interface RegisteredApi {
  readonly apiId: string;
  readonly name: string;
  /** An account `G…` or contract `C…`. */
  readonly payoutAddress: string;
  readonly settlement: SettlementTerms;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** `settlement` left out: per request. */
export type NewRegisteredApi = Pick<RegisteredApi, "apiId" | "name" | "payoutAddress"> &
  Partial<Pick<RegisteredApi, "settlement">>;

export interface RegisteredApiRepository {
  /**
   * Sets an API. A later charge pays to the new address and settles the new way; accepted charges
   * keep theirs.
   */
  put(
    tenantId: string,
    api: NewRegisteredApi,
    now: Date,
  ): Promise<{ api: RegisteredApi; isNew: boolean }>;

  find(tenantId: string, apiId: string): Promise<RegisteredApi | undefined>;
}
