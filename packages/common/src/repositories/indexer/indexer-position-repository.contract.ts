import { beforeEach, describe, expect, it } from "vitest";
import type { IndexerPositionRepository } from "./indexer-position-repository.ts";

const [ONE, TWO] = ["0197f9a2-0000-7000-8000-000000000001", "0197f9a2-0000-7000-8000-000000000002"];
const LEASE = { leaseMs: 10_000, firstLedger: 7 };
const START = { cursor: undefined, ledger: 7 };
const NEXT = { cursor: "0000000034359738368-0000000001", ledger: 8 };

export interface IndexerWorld {
  readonly positions: IndexerPositionRepository;
  pass(ms: number): void;
}

export function describeIndexerPositionRepository(
  name: string,
  makeWorld: () => Promise<IndexerWorld>,
): void {
  describe(`indexer positions in ${name}`, () => {
    let world: IndexerWorld;
    let positions: IndexerPositionRepository;
    beforeEach(async () => {
      world = await makeWorld();
      positions = world.positions;
    });

    it("begin at the first ledger, and go on where they were left", async () => {
      expect(await positions.lease("A", ONE, LEASE)).toEqual(START);
      expect(await positions.advance("A", ONE, START, NEXT)).toBe(true);
      expect(await positions.lease("A", ONE, { ...LEASE, firstLedger: 99 })).toEqual(NEXT);
      expect(await positions.list()).toMatchObject([{ contractId: "A", ...NEXT, gaps: [] }]);
    });

    it("are led by one holder until his lease ends or he gives it back", async () => {
      await positions.lease("A", ONE, LEASE);
      expect(await positions.lease("A", TWO, LEASE)).toBeUndefined();
      expect(await positions.lease("B", TWO, LEASE)).toEqual(START);
      world.pass(9_000);
      await positions.lease("A", ONE, LEASE);
      world.pass(9_000);
      expect(await positions.lease("A", TWO, LEASE)).toBeUndefined();
      world.pass(1_000);
      expect(await positions.lease("A", TWO, LEASE)).toEqual(START);
      await positions.release("A", ONE);
      expect(await positions.lease("A", ONE, LEASE)).toBeUndefined();
      await positions.release("A", TWO);
      expect(await positions.lease("A", ONE, LEASE)).toEqual(START);
    });

    it("are not moved by one who has lost the lease, nor from where they are not", async () => {
      await positions.lease("A", ONE, LEASE);
      expect(await positions.advance("A", TWO, START, NEXT)).toBe(false);
      expect(await positions.advance("A", ONE, NEXT, START)).toBe(false);
      world.pass(10_000);
      expect(await positions.advance("A", ONE, START, NEXT)).toBe(false);
      const gap = { contractId: "A", fromLedger: 7, toLedger: 9 };
      expect(await positions.skip(gap, ONE, START)).toBe(false);
      expect(await positions.list()).toMatchObject([{ ...START, gaps: [] }]);
    });

    it("keep what was lost, and go on behind it", async () => {
      await positions.lease("A", ONE, LEASE);
      const gap = { contractId: "A", fromLedger: 7, toLedger: 9 };
      expect(await positions.skip(gap, ONE, START)).toBe(true);
      const behind = { cursor: undefined, ledger: 10 };
      expect(await positions.lease("A", ONE, LEASE)).toEqual(behind);
      const second = { contractId: "A", fromLedger: 20, toLedger: 30 };
      await positions.advance("A", ONE, behind, { cursor: undefined, ledger: 20 });
      await positions.skip(second, ONE, { cursor: undefined, ledger: 20 });
      expect(await positions.list()).toMatchObject([{ ledger: 31, gaps: [gap, second] }]);
    });

    it("are set back for whoever leads, who then does not write over it", async () => {
      await positions.lease("A", ONE, LEASE);
      await positions.advance("A", ONE, START, NEXT);
      const gap = { contractId: "A", fromLedger: 8, toLedger: 9 };
      await positions.skip(gap, ONE, NEXT);
      const behind = { cursor: undefined, ledger: 10 };
      expect(await positions.rewind("A", 11)).toBe("ahead");
      expect(await positions.rewind("A", 3)).toBe("rewound");
      expect(await positions.advance("A", ONE, behind, NEXT)).toBe(false);
      expect(await positions.lease("A", ONE, LEASE)).toEqual({ cursor: undefined, ledger: 3 });
      expect((await positions.list())[0]?.gaps).toEqual([]);
      expect(await positions.rewind("B", 3)).toBe("not_followed");
    });
  });
}
