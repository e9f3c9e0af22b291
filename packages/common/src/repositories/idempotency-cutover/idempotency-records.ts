import { OPERATIONS, type Operation } from "../../contracts/operations.ts";
import type { RecordKey } from "../cutover/record-side.ts";
import type { StoredAnswer } from "../idempotency/idempotency-store.ts";
import { routeOfToken } from "../idempotency/idempotency-token.ts";

/** An idempotency key as it is kept. Times in milliseconds since the epoch. */
export interface IdempotencyRecord {
  readonly fingerprint: Uint8Array;
  readonly epoch: bigint;
  /** Absent: nobody works on it. */
  readonly leaseUntilMs?: number;
  readonly claimedAtMs: number;
  readonly expiresAtMs: number;
  readonly answer?: StoredAnswer;
}

export const idempotencyKey = ({
  tenantId,
  token,
}: {
  readonly tenantId: string;
  readonly token: string;
}): RecordKey => ({ kind: "key", tenantId, id: token });

/** Routes whose keys are billing's: those of the other services are not moved with them. */
export const MOVED_ROUTES: readonly string[] = Object.values<Operation>(OPERATIONS)
  .filter(({ service, method }) => service === "billing" && method === "POST")
  .map(({ path }) => path);

const moved = new Set(MOVED_ROUTES);

export function isMoved(token: string): boolean {
  return moved.has(routeOfToken(token));
}
