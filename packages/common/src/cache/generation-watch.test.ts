import { describe, expect, it } from "vitest";
import type { GenerationNews } from "../repositories/outbox/outbox-repository.ts";
import { GenerationWatch } from "./generation-watch.ts";

const EMPTY: GenerationNews = { changes: [], oldestQueued: undefined, queuedForMs: 0 };

/** A watch whose looks answer when the test says. */
function watchOver() {
  const asked: bigint[] = [];
  const answers: ((news: GenerationNews) => void)[] = [];
  const watch = new GenerationWatch({
    news: {
      readLatestGeneration: async () => 5n,
      readNews: (since) => {
        asked.push(since);
        return new Promise((resolve) => {
          answers.push(resolve);
        });
      },
    },
    clock: () => 0,
    onRaised: () => {},
    onError: () => {},
  });
  const look = async (news: GenerationNews) => {
    const looking = watch.look();
    await expect.poll(() => answers.length).toBe(1);
    answers.pop()?.(news);
    await looking;
  };
  return { watch, asked, answers, look };
}

describe("the watch on generations", () => {
  it("asks for what was raised since the highest generation that it saw", async () => {
    const { asked, look } = watchOver();
    await look({ ...EMPTY, changes: [{ topic: "a", generation: 9n }] });
    await look({ ...EMPTY, changes: [{ topic: "b", generation: 7n }] });
    await look(EMPTY);
    expect(asked).toEqual([5n, 9n, 9n]);
  });

  it("remembers an own write until a later look finds it taken from the queue", async () => {
    const { watch, answers, look } = watchOver();
    const looking = watch.look();
    await expect.poll(() => answers.length).toBe(1);
    // The look has read the queue already; the write comes before its answer.
    watch.addOwnWrite("a", 3n);
    answers.pop()?.(EMPTY);
    await looking;
    expect(watch.hasOwnWrites("a")).toBe(true);
    await look({ ...EMPTY, oldestQueued: 3n });
    expect(watch.hasOwnWrites("a")).toBe(true);
    await look({ ...EMPTY, oldestQueued: 4n });
    expect(watch.hasOwnWrites("a")).toBe(false);
  });
});
