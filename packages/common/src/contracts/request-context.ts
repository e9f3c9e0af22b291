import type { Scope } from "./scope.ts";

/** The services that a signed context can be meant for. */
export const AUDIENCES = ["billing", "catalog"] as const;

export type Audience = (typeof AUDIENCES)[number];

/** Who is asking, for which tenant, and what they may do: verified before any route runs. */
export interface RequestContext {
  readonly tenantId: string;
  /** `key:<id>`, `jwt:<subject>` or `service:<name>`. */
  readonly principal: string;
  readonly scopes: readonly Scope[];
}

/**
 * What the gateway vouches for when a link is the credential: that the call came through it, and no
 * right to anything. Routes of such operations have no context; every other one refuses this one.
 */
export const LINK_CONTEXT: RequestContext = { tenantId: "_", principal: "link", scopes: [] };
