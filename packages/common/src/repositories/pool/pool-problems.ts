import { ProblemError } from "../../contracts/errors.ts";
import type { PoolStatus } from "./pool-repository.ts";

export function poolNotFound(poolId: string): ProblemError {
  return new ProblemError("pool_not_found", `There is no pool ${poolId} to write to.`);
}

export function poolExists(poolId: string): ProblemError {
  return new ProblemError("pool_exists", `The pool id ${poolId} is taken on this platform.`);
}

export function poolClosed(poolId: string): ProblemError {
  return new ProblemError("pool_closed", `The pool ${poolId} takes no more predictions.`);
}

export function invalidPoolState(poolId: string, status: PoolStatus): ProblemError {
  return new ProblemError("invalid_pool_state", `The pool ${poolId} is ${status} already.`);
}

export function eventIdReused(eventId: string): ProblemError {
  return new ProblemError(
    "event_id_reused",
    `The eventId ${eventId} was used for an event with other content.`,
  );
}
