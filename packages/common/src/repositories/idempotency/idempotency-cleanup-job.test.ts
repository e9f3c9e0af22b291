import { expect, it } from "vitest";
import { IdempotencyCleanupJob } from "./idempotency-cleanup-job.ts";
import { keyed, LEASE_MS, START_MS } from "./idempotency-store.contract.ts";
import { MemoryIdempotencyStore } from "./idempotency-store.memory.ts";
import { KEPT_MS } from "./idempotency-store.ts";

async function expiredStore(keys: number) {
  const time = { nowMs: START_MS };
  const store = new MemoryIdempotencyStore(() => time.nowMs);
  for (let key = 0; key < keys; key += 1) await store.claim(keyed({ token: `${key}` }), LEASE_MS);
  time.nowMs += KEPT_MS;
  await store.claim(keyed({ token: "fresh" }), LEASE_MS);
  return store;
}

it("deletes all that has expired, in batches, and nothing else", async () => {
  const store = await expiredStore(7);
  const told: number[] = [];
  expect(await new IdempotencyCleanupJob(store, 3).run((deleted) => told.push(deleted))).toBe(7);
  expect(told).toEqual([3, 6, 7]);
  expect(await store.countExpired(100)).toBe(0);
  expect((await store.claim(keyed({ token: "fresh" }), LEASE_MS)).outcome).toBe("in_progress");
});

it("ends with the batch that is under way when it is stopped", async () => {
  const store = await expiredStore(7);
  const job = new IdempotencyCleanupJob(store, 3);
  expect(await job.run(() => job.stop())).toBe(3);
  expect(await store.countExpired(100)).toBe(4);
});
