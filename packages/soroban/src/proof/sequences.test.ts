import { describe, expect, it } from "vitest";
import { decideRebuild } from "./decide-rebuild.ts";
import { decideSequence } from "./next-sequence.ts";

describe("decideSequence", () => {
  it("keeps to the journal, whatever a stale node says", () => {
    const chain = { sequence: 12n, ledger: 300 };
    expect(decideSequence({ journal: 20n, chain, lastResolvedLedger: 250 })).toEqual({
      kind: "use",
      sequence: 20n,
    });
  });

  it("takes the chain's plus one, read at or past the last resolution", () => {
    const chain = { sequence: 12n, ledger: 250 };
    expect(decideSequence({ chain, lastResolvedLedger: 250 })).toEqual({
      kind: "use",
      sequence: 13n,
    });
  });

  it("asks again when the reading is older than the last resolution", () => {
    const chain = { sequence: 12n, ledger: 249 };
    expect(decideSequence({ chain, lastResolvedLedger: 250 }).kind).toBe("read_chain");
    expect(decideSequence({ lastResolvedLedger: 0 }).kind).toBe("read_chain");
  });

  it("says when there is no such account, and only when the reading counts", () => {
    expect(decideSequence({ chain: { ledger: 250 }, lastResolvedLedger: 250 }).kind).toBe("absent");
    const stale = decideSequence({ chain: { ledger: 249 }, lastResolvedLedger: 250 });
    expect(stale.kind).toBe("read_chain");
  });
});

describe("decideRebuild", () => {
  const dead = { sequence: 41n, maxLedger: 108 };

  it("takes the dead attempt's sequence while it is unused", () => {
    const chain = { sequence: 40n, ledger: 110 };
    expect(decideRebuild({ ...dead, chain }).kind).toBe("same_sequence");
  });

  it("asks again when the reading is older than the dead attempt's bound", () => {
    const chain = { sequence: 40n, ledger: 107 };
    expect(decideRebuild({ ...dead, chain }).kind).toBe("read_chain");
  });

  it("leaves the channel when somebody else used the sequence, or the account fell behind", () => {
    for (const sequence of [41n, 99n, 12n]) {
      const chain = { sequence, ledger: 110 };
      expect(decideRebuild({ ...dead, chain }).kind).toBe("other_channel");
    }
    expect(decideRebuild({ ...dead, chain: { ledger: 110 } }).kind).toBe("other_channel");
  });
});
