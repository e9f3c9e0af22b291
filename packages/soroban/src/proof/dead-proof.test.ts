import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeathEvidence, proveDeath } from "./dead-proof.ts";

/** Built at 100, may be applied up to 107, on sequence 41. */
const attempt = {
  maxLedger: 108,
  ledgerAtBuild: 100,
  sequence: 41n,
  minPersistentTtlLedgers: 1_000,
};
const absence = (pollId: number, latestLedger: number, oldestLedger = 1) => ({
  pollId,
  latestLedger,
  oldestLedger,
});
const absentMarker = { kind: "absent", ledger: 108 } as const;
const prove = (evidence: Partial<DeathEvidence>) =>
  proveDeath({ ...attempt, absences: [], ...evidence });

describe("by the bounds", () => {
  const two = [absence(0, 110), absence(1, 111)];

  it("takes two polls past the bound and an absent marker", () => {
    expect(prove({ absences: two, marker: absentMarker })).toEqual({
      kind: "dead",
      by: "bounds",
      ledger: 111,
    });
  });

  it("is not proven by one poll, however often it is counted", () => {
    const absences = [absence(0, 110), absence(0, 110)];
    expect(prove({ absences, marker: absentMarker }).kind).toBe("need_absence");
  });

  it("is not proven by an answer that is a ledger short of the race's end", () => {
    const absences = [absence(0, 110), absence(1, 109)];
    expect(prove({ absences, marker: absentMarker }).kind).toBe("need_absence");
  });

  it("wants the marker read at or past the bound", () => {
    expect(prove({ absences: two }).kind).toBe("need_marker");
    const early = { kind: "absent", ledger: 107 } as const;
    expect(prove({ absences: two, marker: early }).kind).toBe("need_marker");
  });

  it("says charged when the contract remembers the marker, whenever it was read", () => {
    const marker = { kind: "present", ledger: 101 } as const;
    expect(prove({ absences: two, marker })).toEqual({ kind: "charged", ledger: 101 });
  });

  it("does without markers where the contract keeps none", () => {
    const marker = { kind: "unsupported", ledger: 109 } as const;
    expect(prove({ absences: two, marker }).kind).toBe("dead");
  });
});

describe("by the sequence", () => {
  const channel = { sequence: 41n, ledger: 103 };
  const two = [absence(0, 105), absence(1, 106)];

  it("takes a used sequence and two polls two ledgers past its reading", () => {
    expect(prove({ channel, absences: two, marker: absentMarker })).toEqual({
      kind: "dead",
      by: "sequence",
      ledger: 106,
    });
  });

  it("is not proven by polls too close to the reading", () => {
    const absences = [absence(0, 104), absence(1, 106)];
    expect(prove({ channel, absences, marker: absentMarker }).kind).toBe("need_absence");
  });

  it("is not proven while the sequence is still unused", () => {
    const unused = { sequence: 40n, ledger: 103 };
    const verdict = prove({ channel: unused, absences: two, marker: absentMarker });
    expect(verdict.kind).toBe("need_absence");
  });

  it("wants the marker read past the bound all the same", () => {
    const marker = { kind: "absent", ledger: 106 } as const;
    expect(prove({ channel, absences: two, marker }).kind).toBe("need_marker");
  });
});

describe("past the network's retention", () => {
  const two = [absence(0, 500, 200), absence(1, 501, 201)];

  it("lets the marker decide", () => {
    const absent = { kind: "absent", ledger: 501 } as const;
    expect(prove({ absences: two, marker: absent })).toEqual({
      kind: "dead",
      by: "marker",
      ledger: 501,
    });
    const present = { kind: "present", ledger: 501 } as const;
    expect(prove({ absences: two, marker: present }).kind).toBe("charged");
  });

  it("decides nothing once the marker may have lapsed", () => {
    const absences = [absence(0, 1_108, 900), absence(1, 1_109, 901)];
    const marker = { kind: "absent", ledger: 1_109 } as const;
    expect(prove({ absences, marker }).kind).toBe("undecidable");
  });

  it("decides nothing where the contract keeps no markers", () => {
    const marker = { kind: "unsupported", ledger: 501 } as const;
    expect(prove({ absences: two, marker }).kind).toBe("undecidable");
  });
});

it("never calls dead what it has not seen absent twice past a bound", () => {
  const ledger = fc.integer({ min: 90, max: 115 });
  const arbitraryAbsence = fc.record({
    pollId: fc.integer({ min: 0, max: 3 }),
    latestLedger: ledger,
    oldestLedger: fc.integer({ min: 1, max: 120 }),
  });
  fc.assert(
    fc.property(fc.array(arbitraryAbsence, { maxLength: 6 }), (absences) => {
      const verdict = prove({ absences, marker: { kind: "absent", ledger: 115 } });
      if (verdict.kind !== "dead") return;
      const late = absences.filter(({ latestLedger }) => latestLedger >= 110);
      expect(new Set(late.map(({ pollId }) => pollId)).size).toBeGreaterThanOrEqual(2);
    }),
  );
});
