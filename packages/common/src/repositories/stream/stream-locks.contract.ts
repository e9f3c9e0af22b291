import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  mustBe,
  newStream,
  START,
  type StreamFixture,
  type TestTime,
} from "./stream-fixture.contract.ts";

/** A few turns of the event loop, as work under a lock takes them. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** How every adapter of the port must lock. */
export function describeStreamLocks(
  adapter: string,
  make: (time: TestTime) => Promise<StreamFixture>,
): void {
  describe(`the locks of StreamRepository (${adapter})`, () => {
    const time: TestTime = { nowMs: START.getTime() };
    let fixture: StreamFixture;

    beforeEach(async () => {
      time.nowMs = START.getTime();
      fixture = await make(time);
    });

    it("gives turns in order of arrival, one at a time for each stream, whatever the work does", async () => {
      const task = fc.record({
        streamId: fc.constantFrom("s-1", "s-2", "s-3"),
        turns: fc.nat(3),
        isFailing: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 20 }), async (tasks) => {
          const begun = new Map<string, number[]>();
          const working = new Set<string>();
          const results = await Promise.allSettled(
            tasks.map((one, number) =>
              fixture.streams.withLock("acme", one.streamId, async () => {
                expect(working.has(one.streamId)).toBe(false);
                working.add(one.streamId);
                begun.set(one.streamId, [...(begun.get(one.streamId) ?? []), number]);
                await turns(one.turns);
                working.delete(one.streamId);
                if (one.isFailing) throw new Error(`task ${number}`);
                return number;
              }),
            ),
          );
          for (const [streamId, numbers] of begun) {
            const issued = tasks.flatMap((one, number) =>
              one.streamId === streamId ? [number] : [],
            );
            expect(numbers).toEqual(issued);
          }
          for (const [number, result] of results.entries()) {
            const answer = result.status === "fulfilled" ? result.value : "failed";
            expect(answer).toBe(tasks[number]?.isFailing === true ? "failed" : number);
          }
        }),
        { numRuns: 15 },
      );
    });

    it("does not let one stream wait for another, nor one tenant's for another's", async () => {
      const release = Promise.withResolvers<void>();
      const isHeld = Promise.withResolvers<void>();
      const holding = fixture.streams.withLock("acme", "s-1", async () => {
        isHeld.resolve();
        await release.promise;
        return "held";
      });
      await isHeld.promise;
      const others = [
        fixture.streams.withLock("acme", "s-2", () => "another stream"),
        fixture.streams.withLock("globex", "s-1", () => "another tenant"),
      ];
      expect(await Promise.all(others)).toEqual(["another stream", "another tenant"]);
      release.resolve();
      expect(await holding).toBe("held");
    });

    it("shows each holder what the one before it saved", async () => {
      await fixture.streams.create("acme", newStream("s-1"));
      const counts = await Promise.all(
        Array.from({ length: 30 }, () =>
          fixture.streams.withLock("acme", "s-1", (locked) => {
            const stream = mustBe(locked);
            const settlementCount = stream.settlementCount + 1;
            locked.save({ stream: { ...stream, settlementCount } });
            return settlementCount;
          }),
        ),
      );
      expect(counts).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    });
  });
}
