import type { Effect } from "../idempotency/effect.ts";

/** What somebody did as an administrator, as the audit keeps it. */
export interface AdminAct {
  /** A UUIDv7: later acts have greater ids. */
  readonly id: string;
  /** The tenant that it was about. */
  readonly tenantId: string;
  /** The operation, `createApiKey`. */
  readonly action: string;
  /** What it was done to: the id of a tenant or a key. */
  readonly subject: string;
  /** Who did it: `key:<id>`, `jwt:<subject>` or `service:<name>`. */
  readonly principal: string;
  readonly requestId: string;
  /** What was asked for, as JSON; never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly recordedAt: Date;
}

/** What commits with an administrator's write, or undoes it. */
export interface AdminWrite<in Value> {
  readonly act?: AdminAct | undefined;
  /** The answer of the request. */
  readonly effect?: Effect<Value> | undefined;
}
