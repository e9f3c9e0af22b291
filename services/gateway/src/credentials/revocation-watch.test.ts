import { uuidv7 } from "@orrery/common/contracts/id";
import { MemoryApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.memory";
import { MemoryTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.memory";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { generateApiKey, hashSecret } from "./api-key.ts";
import { RevocationWatch } from "./revocation-watch.ts";

const clock = () => Date.now();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("learns of a revocation elsewhere within half a second", async () => {
  const tenants = new MemoryTenantRepository();
  await tenants.create({ id: "acme", name: "Acme" }, new Date());
  const keys = new MemoryApiKeyRepository(tenants, clock);
  const { id, environment, secret } = generateApiKey("test", uuidv7());
  const scopes = ["billing:read" as const];
  const stored = { id, name: "k", environment, secretHash: hashSecret(secret), scopes };
  await keys.create("acme", { ...stored, expiresAt: undefined }, new Date());
  const told: string[] = [];
  const watch = new RevocationWatch({
    keys,
    monotonicClock: clock,
    onRevoked: (keyId) => told.push(keyId),
    onRolled: () => undefined,
    onError: () => undefined,
  });
  await watch.start();
  await keys.revoke("acme", id);
  expect(watch.isRevoked(id)).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect([watch.isRevoked(id), told]).toEqual([true, [id]]);
  await watch.stop();
});

it("has two questions at the store at most, and learns again when it answers", async () => {
  const answers: (() => void)[] = [];
  let isAway = true;
  const errors: unknown[] = [];
  const watch = new RevocationWatch({
    keys: {
      listRevoked: () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        answers.push(resolve);
        if (!isAway) resolve();
        return promise.then(() => ({ keyIds: [], rolledIds: [], asOf: new Date() }));
      },
    },
    monotonicClock: clock,
    onRevoked: () => undefined,
    onRolled: () => undefined,
    onError: (error) => errors.push(error),
  });
  isAway = false;
  await watch.start();
  isAway = true;
  answers.length = 0;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(answers).toHaveLength(2);
  expect(errors.length).toBeGreaterThan(2);
  expect(() => watch.assertFresh()).toThrow("cannot be verified now");
  isAway = false;
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(() => watch.assertFresh()).not.toThrow();
  await watch.stop();
});
