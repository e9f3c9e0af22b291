import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  CREATED,
  keyed,
  LEASE_MS,
  type MakeStores,
  START_MS,
  type TestTime,
} from "./idempotency-store.contract.ts";
import {
  type Claim,
  type ClaimOutcome,
  type IdempotencyStore,
  KEPT_MS,
} from "./idempotency-store.ts";

/** One thing that happens to a few keys of one tenant. Claims are named by how long ago they were made. */
export type Step =
  | { readonly kind: "claim"; token: string; fingerprint: number; leaseMs: number | undefined }
  | { readonly kind: "answer"; claimsAgo: number; status: number }
  | { readonly kind: "end"; claimsAgo: number; end: "bound" | "forgotten" }
  | { readonly kind: "prolong"; claimsAgo: number }
  | { readonly kind: "pass"; ms: number };

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("claim" as const),
        token: fc.constantFrom("a", "b"),
        fingerprint: fc.constantFrom(1, 1, 1, 2),
        leaseMs: fc.constantFrom(LEASE_MS, LEASE_MS, undefined),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("answer" as const),
        claimsAgo: fc.nat(2),
        status: fc.integer({ min: 200, max: 299 }),
      }),
    },
    fc.record({
      kind: fc.constant("end" as const),
      claimsAgo: fc.nat(2),
      end: fc.constantFrom("bound" as const, "forgotten" as const),
    }),
    fc.record({ kind: fc.constant("prolong" as const), claimsAgo: fc.nat(2) }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        ms: fc.constantFrom(1, LEASE_MS - 1, LEASE_MS, KEPT_MS),
      }),
    },
  ),
  { minLength: 1, maxLength: 25 },
);

/** What a store said to a step; epochs are its own affair. */
export type Said = string | boolean | undefined;

/** Runs steps on a store, whose clock is `time`. */
export class StepRunner {
  readonly #store: IdempotencyStore;
  readonly #time: TestTime;
  readonly #claims: Claim[] = [];

  constructor(store: IdempotencyStore, time: TestTime) {
    this.#store = store;
    this.#time = time;
  }

  async run(step: Step): Promise<Said> {
    if (step.kind === "claim") return this.#claim(step);
    if (step.kind === "pass") {
      this.#time.nowMs += step.ms;
      return undefined;
    }
    const claim = this.#claims.at(-1 - step.claimsAgo);
    if (claim === undefined) return undefined;
    if (step.kind === "answer") return this.#store.answer(claim, answerOf(step.status));
    if (step.kind === "end") return this.#store.end(claim, step.end);
    return this.#store.prolong(claim, LEASE_MS);
  }

  async #claim({ token, fingerprint, leaseMs }: Extract<Step, { kind: "claim" }>): Promise<string> {
    const request = keyed({ token, fingerprint: new Uint8Array(32).fill(fingerprint) });
    const outcome = await this.#store.claim(request, leaseMs);
    if (outcome.outcome === "claimed") this.#claims.push(outcome.claim);
    return said(outcome);
  }
}

function answerOf(status: number) {
  return { ...CREATED, status, body: `{"status":${status}}` };
}

function said(outcome: ClaimOutcome): string {
  if (outcome.outcome !== "claimed") return JSON.stringify(outcome);
  const { effectId, isRepeat } = outcome.claim;
  return JSON.stringify({ outcome: "claimed", effectId, isRepeat });
}

/** What holds for every history of keys, in every adapter. */
export function describeIdempotentReplay(
  adapter: string,
  make: MakeStores,
  { runs }: { runs: number },
): void {
  describe(`replay by IdempotencyStore (${adapter})`, () => {
    const time: TestTime = { nowMs: START_MS };
    let stores: readonly [IdempotencyStore, IdempotencyStore];
    let history = 0;

    beforeEach(async () => {
      time.nowMs = START_MS;
      stores = await make(time);
    });

    /** Keys that no history before has used. */
    const fresh = (token: string) => `${(history += 1)}:${token}`;

    it("gives back what was stored, whatever it is", async () => {
      const answers = fc.record({
        status: fc.integer({ min: 200, max: 299 }),
        headers: fc.dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), fc.stringMatching(/^[ -~]*$/)),
        body: fc.json(),
        isSecret: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(answers, async (answer) => {
          const request = keyed({ token: fresh("any") });
          const outcome = await stores[0].claim(request, LEASE_MS);
          if (outcome.outcome !== "claimed") throw new Error("a fresh key is free");
          expect(await stores[0].answer(outcome.claim, answer)).toBe(true);
          expect(await stores[1].claim(request, LEASE_MS)).toEqual({ outcome: "answered", answer });
        }),
        { numRuns: runs },
      );
    });

    it("lets one of any crowd work on a key, and none of another request", async () => {
      const crowd = fc.array(
        fc.record({ token: fc.constantFrom("a", "b", "c"), store: fc.nat(1), by: fc.nat(1) }),
        { minLength: 2, maxLength: 20 },
      );
      await fc.assert(
        fc.asyncProperty(crowd, async (callers) => {
          const prefix = fresh("");
          const outcomes = await Promise.all(
            callers.map(async ({ token, store, by }) => {
              const fingerprint = new Uint8Array(32).fill(by);
              const request = keyed({ token: prefix + token, fingerprint });
              return { token, by, ...(await stores[store === 0 ? 0 : 1].claim(request, LEASE_MS)) };
            }),
          );
          for (const token of new Set(callers.map((caller) => caller.token))) {
            const asked = outcomes.filter((outcome) => outcome.token === token);
            const winners = asked.filter(({ outcome }) => outcome === "claimed");
            expect(winners).toHaveLength(1);
            const losers = asked.filter((outcome) => outcome !== winners[0]);
            for (const { by, outcome } of losers) {
              // Who meets the winner's open transaction cannot know yet whose request it is.
              const known = by === winners[0]?.by ? ["in_progress"] : ["reused", "in_progress"];
              expect(known).toContain(outcome);
            }
          }
        }),
        { numRuns: runs },
      );
    });

    it("never forgets an answer while it is kept, nor gives a claim beside one that is leased", async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          time.nowMs = START_MS + history * 30 * KEPT_MS;
          const prefix = fresh("");
          const runner = new StepRunner(stores[0], time);
          const happened: Happened[] = [];
          for (const step of given) {
            const one = step.kind === "claim" ? { ...step, token: prefix + step.token } : step;
            happened.push({ step: one, atMs: time.nowMs, said: await runner.run(one) });
          }
          expect(brokenPromises(happened)).toEqual([]);
        }),
        { numRuns: runs },
      );
    });
  });
}

interface Happened {
  readonly step: Step;
  readonly atMs: number;
  readonly said: Said;
}

/**
 * What a history of keys says against what was promised in it: whoever holds a lease is alone until it
 * is over, and what was answered is answered again as long as it is kept.
 */
function brokenPromises(happened: readonly Happened[]): string[] {
  const promises = new Map<string, { untilMs: number; kept: RegExp }>();
  const claimed: string[] = [];
  const broken: string[] = [];
  for (const { step, atMs, said } of happened) {
    if (step.kind === "pass") continue;
    if (step.kind === "claim") {
      const promise = promises.get(step.token);
      const isPromised = promise !== undefined && promise.untilMs > atMs;
      // A claim without a lease need not be alone.
      if (isPromised && step.leaseMs !== undefined && !promise.kept.test(String(said))) {
        broken.push(`${JSON.stringify(step)}: ${said}`);
      }
      if (!String(said).includes('"claimed"')) continue;
      claimed.push(step.token);
      promises.set(step.token, { untilMs: atMs + (step.leaseMs ?? 0), kept: ALONE });
    } else if (said === true) {
      const token = claimed.at(-1 - step.claimsAgo) ?? "";
      if (step.kind === "end") promises.delete(token);
      if (step.kind === "prolong") promises.set(token, { untilMs: atMs + LEASE_MS, kept: ALONE });
      if (step.kind === "answer") {
        const kept = new RegExp(`"status":${step.status},|reused`);
        promises.set(token, { untilMs: atMs + KEPT_MS, kept });
      }
    }
  }
  return broken;
}

const ALONE = /in_progress|reused/;
