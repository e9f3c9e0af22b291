import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MarkerReading } from "../proof/dead-proof.ts";
import { batchSize } from "./batch-size.ts";
import { combineMarkers } from "./combine-markers.ts";
import { partInOrder, type RideVerdict } from "./part-in-order.ts";

interface Rider {
  readonly name: string;
  readonly amountStroops: bigint;
}

interface Vault {
  readonly balance: bigint;
  readonly remembered: ReadonlySet<string>;
  readonly isPaused?: boolean;
  readonly maxStroops?: bigint;
}

const refused = (contractError: number): RideVerdict => {
  const reason = contractError === 5 ? "insufficient_balance" : "contract_error";
  return { kind: "refused", failure: { reason, contractError } };
};

/** The contract's own rules: all or none, in order. */
function callVault(vault: Vault, riders: readonly Rider[]): RideVerdict {
  if (vault.isPaused) return refused(4);
  let { balance } = vault;
  for (const { name, amountStroops } of riders) {
    if (vault.maxStroops !== undefined && amountStroops > vault.maxStroops) return refused(7);
    if (vault.remembered.has(name)) return { kind: "duplicate", ledger: 9 };
    if (balance < amountStroops) return refused(5);
    balance -= amountStroops;
  }
  return { kind: "goes" };
}

async function part(vault: Vault, riders: readonly Rider[]) {
  let calls = 0;
  const parting = await partInOrder(riders, async (asked) => {
    calls += 1;
    return { verdict: callVault(vault, asked), ledger: 9 };
  });
  const left = parting.left.map(({ rider, verdict }) => [rider.name, verdict] as const);
  return { goes: parting.goes.map(({ name }) => name), left, calls };
}

const riders = (...amounts: number[]): Rider[] =>
  amounts.map((amount, index) => ({ name: `r${index}`, amountStroops: BigInt(amount) }));

describe("partInOrder", () => {
  it("lets the earlier go, refuses whom the balance does not bear, lets smaller ones behind go", async () => {
    const vault = { balance: 100n, remembered: new Set<string>() };
    const { goes, left } = await part(vault, riders(40, 40, 30, 20, 1));
    expect(goes).toEqual(["r0", "r1", "r3"]);
    expect(left).toEqual([
      ["r2", refused(5)],
      ["r4", refused(5)],
    ]);
  });

  it("tells a duplicate from its neighbours", async () => {
    const vault = { balance: 100n, remembered: new Set(["r1"]) };
    const { goes, left } = await part(vault, riders(1, 1, 1));
    expect(goes).toEqual(["r0", "r2"]);
    expect(left).toEqual([["r1", { kind: "duplicate", ledger: 9 }]]);
  });

  it("asks no more than it must: a paused vault or an empty one is found out at once", async () => {
    const fifty = riders(...Array.from({ length: 50 }, () => 7));
    const paused = await part({ balance: 1n, remembered: new Set(), isPaused: true }, fifty);
    expect(paused.left).toHaveLength(50);
    expect(paused.calls).toBeLessThanOrEqual(7);
    const empty = await part({ balance: 20n, remembered: new Set() }, fifty);
    expect(empty.goes).toEqual(["r0", "r1"]);
    expect(empty.calls).toBeLessThanOrEqual(7 + 47);
  });

  it("decides as if they were sent singly, whatever they want and the vault has", async () => {
    const amount = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(amount, fc.boolean()), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 300 }),
        async (wants, balance) => {
          const wanting = riders(...wants.map(([stroops]) => stroops));
          const remembered = new Set(
            wanting.filter((_, n) => wants[n]?.[1]).map(({ name }) => name),
          );
          const vault = { balance: BigInt(balance), remembered, maxStroops: 50n };
          const singly: Rider[] = [];
          const verdicts: (readonly [string, RideVerdict])[] = [];
          for (const rider of wanting) {
            const verdict = callVault(vault, [...singly, rider]);
            if (verdict.kind === "goes") singly.push(rider);
            else verdicts.push([rider.name, verdict]);
          }
          const { goes, left } = await part(vault, wanting);
          expect(goes).toEqual(singly.map(({ name }) => name));
          expect(left).toEqual(verdicts);
        },
      ),
    );
  });
});

describe("partInOrder, of a network that changes while it is asked", () => {
  /** Nodes that are a ledger further with every answer; `call` says what the vault then is. */
  async function partOver(wanting: readonly Rider[], call: (nth: number) => Vault) {
    let asked = 0;
    const parting = await partInOrder(wanting, async (some) => {
      asked += 1;
      return { verdict: callVault(call(asked), some), ledger: asked };
    });
    return { goes: parting.goes.map(({ name }) => name), left: parting.left, asked };
  }

  const holding = (balance: bigint): Vault => ({ balance, remembered: new Set() });

  it("leaves nobody behind where no two answers are of one ledger", async () => {
    const { goes, left, asked } = await partOver(riders(10, 10), () => holding(15n));
    expect([goes, left]).toEqual([["r0", "r1"], []]);
    expect(asked).toBeLessThanOrEqual(8);
  });

  it("leaves nobody behind when those before cannot go any more either", async () => {
    const emptied = (nth: number) => holding(nth > 2 ? 0n : 15n);
    const { goes, left } = await partOver(riders(10, 10), emptied);
    expect([goes, left]).toEqual([["r0", "r1"], []]);
  });
});

describe("batchSize", () => {
  it("halves with every failure, so that the last try of each is its own", () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((retries) => batchSize(retries, true))).toEqual([
      50, 25, 12, 6, 3, 1, 1,
    ]);
  });

  it("is one for a contract without batches", () => {
    expect(batchSize(0, false)).toBe(1);
  });
});

describe("combineMarkers", () => {
  const reading = (kind: MarkerReading["kind"], ledger: number): MarkerReading => ({
    kind,
    ledger,
  });

  it("counts absence from the oldest reading", () => {
    expect(combineMarkers([reading("absent", 9), reading("absent", 7)])).toEqual(
      reading("absent", 7),
    );
  });

  it("lets one that is present stand out", () => {
    expect(combineMarkers([reading("absent", 9), reading("present", 8)])).toEqual(
      reading("present", 8),
    );
  });

  it("knows nothing when the contract keeps none", () => {
    expect(combineMarkers([reading("unsupported", 3)]).kind).toBe("unsupported");
  });
});
