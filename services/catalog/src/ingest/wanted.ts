import type { ErrorCode } from "@orrery/common/contracts/errors";
import {
  wantedPool,
  wantedToken,
} from "@orrery/common/repositories/indexer/rejected-event-repository";

interface ChainEvent {
  readonly payload: object;
}

/** What has to be there before a refused event can be applied; undefined: time will not mend it. */
export function wantedBy({ payload }: ChainEvent, code: ErrorCode): string | undefined {
  if (code === "token_not_found" && "tokenAddress" in payload) {
    return wantedToken(String(payload.tokenAddress));
  }
  if (code === "pool_not_found" && "poolId" in payload) return wantedPool(String(payload.poolId));
  return undefined;
}
