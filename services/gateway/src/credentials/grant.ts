import { ProblemError } from "@orrery/common/contracts/errors";
import type { Scope } from "@orrery/common/contracts/scope";

/** What a verified credential allows. */
export interface Grant {
  /** `key:<id>`, `jwt:<subject>` or `service:<name>`. */
  readonly principal: string;
  /** The tenants that it may act for; a malformed name among them is refused when it is used. */
  readonly tenantIds: readonly string[];
  /** The tenant when the caller selects none. */
  readonly defaultTenantId: string | undefined;
  readonly scopes: readonly Scope[];
  /** From when on it is refused, in milliseconds since 1970; undefined: it has no end. */
  readonly expiresAtMs?: number | undefined;
}

/** The one shape of a refused credential; says nothing of why beyond `detail`. */
export function unauthenticated(detail: string, isTokenGiven = true): ProblemError {
  const challenge = 'Bearer realm="orrery"';
  return new ProblemError("unauthenticated", detail, {
    headers: {
      "www-authenticate": isTokenGiven ? `${challenge}, error="invalid_token"` : challenge,
    },
  });
}
