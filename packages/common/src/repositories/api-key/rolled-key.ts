import { ProblemError } from "../../contracts/errors.ts";
import { LATEST_TIME_MS } from "../../contracts/timestamp.ts";
import type { ApiKey, Roll } from "./api-key-repository.ts";

/** @throws {ProblemError} api_key_not_found, api_key_inactive */
export function assertRollable(key: ApiKey | undefined, now: Date): asserts key is ApiKey {
  if (key === undefined) {
    throw new ProblemError("api_key_not_found", "The tenant has no API key with this id.");
  }
  if (key.successorId !== undefined) {
    throw inactive(`The key was rolled already, to ${key.successorId}.`);
  }
  if (key.revokedAt !== undefined) throw inactive("The key is revoked.");
  if (key.expiresAt !== undefined && key.expiresAt <= now) throw inactive("The key has expired.");
}

/** When the successor ends: as it was asked for, or after as long a life as its predecessor's. */
export function successorExpiry(key: ApiKey, roll: Roll, now: Date): Date | undefined {
  if (roll.expiresAt !== undefined || key.expiresAt === undefined) return roll.expiresAt;
  const lifeMs = key.expiresAt.getTime() - key.createdAt.getTime();
  return new Date(Math.min(now.getTime() + lifeMs, LATEST_TIME_MS));
}

/** When a rolled key ends: never later than it would have. */
export function predecessorExpiry(key: ApiKey, { overlapMs }: Roll, now: Date): Date {
  const endsAt = new Date(now.getTime() + overlapMs);
  return key.expiresAt !== undefined && key.expiresAt < endsAt ? key.expiresAt : endsAt;
}

function inactive(detail: string): ProblemError {
  return new ProblemError("api_key_inactive", detail);
}
