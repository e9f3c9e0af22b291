import { isSameText } from "./api-key.ts";
import type { Grant } from "./grant.ts";

const BOOTSTRAP_ADMIN: Grant = {
  principal: "service:bootstrap-admin",
  tenantIds: [],
  defaultTenantId: undefined,
  scopes: ["admin"],
};

/** The bearer that makes the first tenants and keys; it may administer, and nothing else. */
export class AdminToken {
  readonly #token: string | undefined;

  /** `token` undefined: there is no bootstrap admin. */
  constructor(token: string | undefined) {
    this.#token = token;
  }

  authenticate(bearer: string): Grant | undefined {
    if (this.#token === undefined || !isSameText(bearer, this.#token)) return undefined;
    return BOOTSTRAP_ADMIN;
  }
}
