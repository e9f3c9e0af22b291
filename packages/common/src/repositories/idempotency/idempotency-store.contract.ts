import { beforeEach, describe, expect, it } from "vitest";
import {
  type Claim,
  type IdempotencyStore,
  KEPT_MS,
  type KeyedRequest,
  type StoredAnswer,
} from "./idempotency-store.ts";

/** Long gone, so that what has expired by it has by the database's clock too. */
export const START_MS = Date.UTC(2020, 0, 1);
export const LEASE_MS = 5_000;

export interface TestTime {
  nowMs: number;
}

/** Stores of several processes over the same keys. */
export type MakeStores = (time: TestTime) => Promise<readonly [IdempotencyStore, IdempotencyStore]>;

export function keyed(changes: Partial<KeyedRequest> = {}): KeyedRequest {
  return {
    tenantId: "acme",
    token: "acme:/streams::k",
    fingerprint: new Uint8Array(32).fill(1),
    ...changes,
  };
}

export const CREATED: StoredAnswer = {
  status: 201,
  headers: { location: "/api/v1/streams/s-1" },
  body: '{"id":"s-1"}',
  isSecret: false,
};

const OTHER = new Uint8Array(32).fill(2);

/** What every adapter of the port must do. */
export function describeIdempotencyStore(adapter: string, make: MakeStores): void {
  describe(`IdempotencyStore (${adapter})`, () => {
    const time: TestTime = { nowMs: START_MS };
    let store: IdempotencyStore;
    let other: IdempotencyStore;

    beforeEach(async () => {
      time.nowMs = START_MS;
      [store, other] = await make(time);
    });

    async function claimed(request = keyed(), lease: { leaseMs?: number } = { leaseMs: LEASE_MS }) {
      const outcome = await store.claim(request, lease.leaseMs);
      if (outcome.outcome !== "claimed") throw new Error(`not claimed: ${outcome.outcome}`);
      return outcome.claim;
    }

    it("gives a key to the first request, and its answer to every repeat", async () => {
      const claim = await claimed();
      expect(claim).toMatchObject({ tenantId: "acme", token: "acme:/streams::k", isRepeat: false });
      expect(await other.claim(keyed(), LEASE_MS)).toEqual({
        outcome: "in_progress",
        freeInMs: LEASE_MS,
      });
      expect(await store.answer(claim, CREATED)).toBe(true);
      for (const repeated of [store, other]) {
        expect(await repeated.claim(keyed(), LEASE_MS)).toEqual({
          outcome: "answered",
          answer: CREATED,
        });
      }
    });

    it("refuses another request under the key: worked on, bound or answered", async () => {
      const another = keyed({ fingerprint: OTHER });
      const claim = await claimed();
      expect(await other.claim(another, LEASE_MS)).toEqual({ outcome: "reused" });
      time.nowMs += LEASE_MS;
      expect(await other.claim(another, LEASE_MS)).toEqual({ outcome: "reused" });
      await store.end(claim, "bound");
      expect(await other.claim(another)).toEqual({ outcome: "reused" });
      await store.answer(await claimed(), CREATED);
      expect(await other.claim(another, LEASE_MS)).toEqual({ outcome: "reused" });
    });

    it("keeps the keys of tenants and tokens apart", async () => {
      await store.answer(await claimed(), CREATED);
      for (const apart of [{ tenantId: "globex" }, { token: "acme:/streams::K" }]) {
        const outcome = await store.claim(keyed({ ...apart, fingerprint: OTHER }), LEASE_MS);
        expect(outcome.outcome).toBe("claimed");
      }
    });

    it("gives a claim that a crash left to one of those who repeat the request", async () => {
      const lost = await claimed();
      time.nowMs += LEASE_MS - 1;
      expect((await other.claim(keyed(), LEASE_MS)).outcome).toBe("in_progress");
      time.nowMs += 1;
      const outcomes = await Promise.all(
        [store, other, store, other].map((each) => each.claim(keyed(), LEASE_MS)),
      );
      const won = outcomes.filter((outcome) => outcome.outcome === "claimed");
      expect(won).toHaveLength(1);
      expect(won[0]?.claim).toMatchObject({ effectId: lost.effectId, isRepeat: true });
      expect(won[0]?.claim.epoch).not.toBe(lost.epoch);
    });

    it("lets nobody do anything with a claim that another took over", async () => {
      const lost = await claimed();
      time.nowMs += LEASE_MS;
      const taken = await claimed();
      expect(await store.answer(lost, CREATED)).toBe(false);
      expect(await store.prolong(lost, LEASE_MS)).toBe(false);
      expect(await store.end(lost, "forgotten")).toBe(false);
      expect(await store.end(lost, "bound")).toBe(false);
      expect(await store.answer(taken, CREATED)).toBe(true);
    });

    it("lets nobody do anything with a claim of a key that was forgotten and claimed anew", async () => {
      const lost = await claimed();
      await store.end(lost, "forgotten");
      const anew = await claimed();
      expect(await store.answer(lost, CREATED)).toBe(false);
      expect(await store.end(lost, "forgotten")).toBe(false);
      expect(await store.answer(anew, CREATED)).toBe(true);
    });

    it("keeps a claim as long as it is prolonged", async () => {
      const claim = await claimed();
      for (let round = 0; round < 3; round += 1) {
        time.nowMs += LEASE_MS - 1;
        expect(await store.prolong(claim, LEASE_MS)).toBe(true);
        expect((await other.claim(keyed(), LEASE_MS)).outcome).toBe("in_progress");
      }
    });

    it("ends a claim once: an answer stands", async () => {
      const claim = await claimed();
      await store.answer(claim, CREATED);
      expect(await store.answer(claim, { ...CREATED, status: 200 })).toBe(false);
      expect(await store.end(claim, "forgotten")).toBe(false);
      expect(await store.end(claim, "bound")).toBe(false);
      expect(await store.prolong(claim, LEASE_MS)).toBe(false);
      expect(await store.claim(keyed(), LEASE_MS)).toMatchObject({ answer: CREATED });
    });

    it("forgets a key for any request, and binds one to its own", async () => {
      await store.end(await claimed(), "forgotten");
      const another = await claimed(keyed({ fingerprint: OTHER }));
      expect(another.isRepeat).toBe(false);
      await store.end(another, "bound");
      expect((await store.claim(keyed(), LEASE_MS)).outcome).toBe("reused");
      expect(await store.prolong(another, LEASE_MS)).toBe(false);
      const again = await claimed(keyed({ fingerprint: OTHER }));
      expect(again).toMatchObject({ effectId: another.effectId, isRepeat: true });
    });

    it("binds a key at once for those who need not be alone", async () => {
      const first = await claimed(keyed(), {});
      const twin = await claimed(keyed(), {});
      expect(await store.end(first, "forgotten")).toBe(false);
      expect((await other.claim(keyed({ fingerprint: OTHER }))).outcome).toBe("reused");
      expect(await store.end(twin, "forgotten")).toBe(true);
      expect((await other.claim(keyed({ fingerprint: OTHER }))).outcome).toBe("claimed");
    });

    it("keeps an answer for a day, and then neither it nor the effect's id", async () => {
      const claim = await claimed();
      time.nowMs += 1_000;
      await store.answer(claim, CREATED);
      time.nowMs += KEPT_MS - 1;
      expect((await store.claim(keyed(), LEASE_MS)).outcome).toBe("answered");
      time.nowMs += 1;
      const later = await claimed(keyed({ fingerprint: OTHER }));
      expect(later.effectId).not.toBe(claim.effectId);
      expect(later.isRepeat).toBe(false);
    });

    it("leaves a key alone that is still worked on after its day", async () => {
      const claim = await claimed(keyed(), { leaseMs: KEPT_MS + 60_000 });
      time.nowMs += KEPT_MS + 1_000;
      const inProgress = { outcome: "in_progress", freeInMs: expect.any(Number) };
      expect(await other.claim(keyed(), LEASE_MS)).toEqual(inProgress);
      expect(await other.claim(keyed({ fingerprint: OTHER }), LEASE_MS)).toEqual(inProgress);
      expect(await store.answer(claim, CREATED)).toBe(true);
    });

    it("gives each request's effect an id of its own", async () => {
      const claims = [
        await claimed(),
        await claimed(keyed({ tenantId: "globex" })),
        await claimed(keyed({ token: "acme:/streams::other" })),
      ];
      expect(new Set(claims.map(({ effectId }) => effectId)).size).toBe(3);
    });

    it("remembers that a secret was shown, and of it what it was told alone", async () => {
      const secret = { ...CREATED, body: '{"apiKeyId":"1"}', isSecret: true };
      await store.answer(await claimed(), secret);
      expect(await store.claim(keyed(), LEASE_MS)).toEqual({ outcome: "answered", answer: secret });
    });

    it("deletes what is kept no longer, the oldest first, and nothing that is worked on", async () => {
      const answered = async (token: string) =>
        store.answer(await claimed(keyed({ token })), CREATED);
      const left: Claim[] = [];
      for (const token of ["1", "2", "3"]) {
        await answered(token);
        time.nowMs += 1_000;
      }
      left.push(await claimed(keyed({ token: "4" }), { leaseMs: KEPT_MS + 60_000 }));
      time.nowMs += 1_000;
      await answered("5");
      time.nowMs = START_MS + KEPT_MS + 3_500;
      expect(await store.countExpired(100)).toBe(3);
      expect(await store.countExpired(2)).toBe(2);
      expect(await store.deleteExpired(2)).toBe(2);
      expect(await store.deleteExpired(100)).toBe(1);
      expect(await store.deleteExpired(100)).toBe(0);
      expect(await store.prolong(left[0] as Claim, LEASE_MS)).toBe(true);
      expect((await store.claim(keyed({ token: "5" }), LEASE_MS)).outcome).toBe("answered");
    });
  });
}
