import { describe, expect, it } from "vitest";
import { formatNumber, playRounds } from "./rounds.ts";

const quiet = { rounds: 3, say: () => {} };

describe("rounds", () => {
  it("are interleaved, with one before them that does not count", async () => {
    const played: string[] = [];
    const contender = (name: string, offset: number) => ({
      name,
      play: async (round: number) => {
        played.push(`${name}${round}`);
        return offset + round;
      },
    });
    const runs = await playRounds(quiet, [contender("a", 0), contender("b", 10)]);
    expect(played).toEqual(["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]);
    expect(runs).toEqual([
      [1, 2, 3],
      [11, 12, 13],
    ]);
  });

  it("are each prepared, the warm-up too", async () => {
    let prepared = 0;
    await playRounds(quiet, [{ name: "a", play: async () => 1 }], async () => {
      prepared += 1;
    });
    expect(prepared).toBe(4);
  });
});

describe("numbers", () => {
  it("show what matters of them", () => {
    expect([50_431.7, 12.34567, 0.012345, 1].map(formatNumber)).toEqual([
      "50,432",
      "12.35",
      "0.01235",
      "1",
    ]);
  });
});
