import { createHash } from "node:crypto";
import { formatUsdc } from "@orrery/common/contracts/money";
import type { Pool, PoolWrite, Prediction } from "@orrery/common/repositories/pool/pool-repository";

/** What an event says, in 32 bytes: equal for equal meaning, whatever way it was written. */
export function fingerprintOf(
  type: string,
  meaning: Readonly<Record<string, string | bigint | Date>>,
): Buffer {
  const parts = Object.entries(meaning)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => [name, value instanceof Date ? value.toISOString() : String(value)]);
  return createHash("sha256")
    .update(JSON.stringify([type, parts]))
    .digest();
}

/** A pool as it goes over the wire. */
export function poolReply(pool: Pool) {
  const { outcome, closedAt, settledAt } = pool;
  return {
    poolId: pool.poolId,
    name: pool.name,
    category: pool.category,
    token: pool.token,
    endTime: pool.endTime.toISOString(),
    status: pool.status,
    ...(outcome === undefined ? {} : { outcome }),
    totalStake: formatUsdc(pool.stakedStroops),
    predictionCount: pool.predictionCount,
    createdAt: pool.createdAt.toISOString(),
    ...(closedAt === undefined ? {} : { closedAt: closedAt.toISOString() }),
    ...(settledAt === undefined ? {} : { settledAt: settledAt.toISOString() }),
  };
}

/** A prediction as it goes over the wire. */
function predictionReply({ amountStroops, placedAt, ...prediction }: Prediction) {
  return {
    ...prediction,
    amount: formatUsdc(amountStroops),
    createdAt: placedAt.toISOString(),
  };
}

/** What the creation of a pool is answered. */
export function createdAnswer({ value, sequence }: PoolWrite<Pool>) {
  return { status: statusOf(sequence), body: poolReply(value) };
}

/** What a prediction is answered. */
export function placedAnswer({ value, sequence }: PoolWrite<Prediction>) {
  return { status: statusOf(sequence), body: predictionReply(value) };
}

/** What the close or the settlement of a pool is answered. */
export function movedAnswer({ value }: PoolWrite<Pool>) {
  return { status: 200, body: poolReply(value) };
}

/** A repeated event answers 200 where its first delivery answered 201. */
const statusOf = (sequence: bigint | undefined) => (sequence === undefined ? 200 : 201);
