import { MAX_BATCH } from "../journal/submission-journal.ts";

/**
 * How many intents may ride together when one of them has `retryCount` failures on chain behind it:
 * half as many with every failure, so that the last try of each is its own.
 * `isBatching`: whether the contract takes several at all.
 */
export function batchSize(retryCount: number, isBatching: boolean): number {
  return isBatching ? Math.max(1, Math.floor(MAX_BATCH / 2 ** retryCount)) : 1;
}
