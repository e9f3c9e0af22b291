import {
  newStream,
  START,
  settling,
  started,
} from "@orrery/common/repositories/stream/stream-fixture.contract";
import { MemoryStreamRepository } from "@orrery/common/repositories/stream/stream-repository.memory";
import { MemoryVaultRepository } from "@orrery/common/repositories/vault/vault-repository.memory";
import { CHARGED, REFUSED, settleIntent } from "@orrery/common/testing/settle-intent";
import type { Outcome, SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { beforeEach, describe, expect, it } from "vitest";
import { MissedSettlements } from "./missed-settlements.ts";

/** Nobody can tell whether it was charged. */
const UNKNOWN: Outcome = { state: "unknown", failure: { reason: "undecided" } };
const RESOLVED_MS = START.getTime() + 60_000;

/** A journal whose hook settles nothing: a process that is gone has resolved the charges. */
let journal: SubmissionJournal;
let streams: MemoryStreamRepository;
let missed: MissedSettlements;
let settled: string[];

beforeEach(async () => {
  let nowMs = START.getTime();
  journal = createMemoryJournal();
  const vaults = new MemoryVaultRepository();
  streams = new MemoryStreamRepository({ vaults, journal, clock: () => nowMs });
  settled = [];
  missed = new MissedSettlements({
    listStreams: () =>
      streams.rows.streams.values("acme").map((stream) => ({ tenantId: "acme", stream })),
    findIntent: (tenantId, intentId) => journal.findIntent(tenantId, intentId),
    settle: async (resolution) => {
      settled.push(resolution.subjectId);
      streams.settle([resolution]);
    },
  });
  await streams.create("acme", newStream("idle"));
  await streams.create("acme", newStream("owing"));
  await streams.withLock("acme", "owing", (locked) => locked.save(started(locked)));
  nowMs += 700;
  await streams.withLock("acme", "owing", (locked) => locked.save(settling(locked, "acme")));
});

const owing = async () => (await streams.find("acme", "owing"))?.stream;

/** Has the charge end while nobody tells the stream. */
async function resolve(outcome: Outcome): Promise<void> {
  const intentId = (await owing())?.settlement?.intentId ?? "";
  await settleIntent(journal, intentId, outcome, RESOLVED_MS);
}

describe("MissedSettlements", () => {
  it("ends a settlement whose charge was confirmed, once", async () => {
    await resolve(CHARGED);
    await missed.run();
    await missed.run();
    expect(await owing()).toMatchObject({ status: "ended", settlement: { state: "confirmed" } });
    expect(settled).toEqual(["owing/1"]);
  });

  it("takes back a settlement whose charge was refused", async () => {
    await resolve(REFUSED);
    await missed.run();
    expect((await owing())?.status).toBe("active");
    expect((await owing())?.settlement).toBeUndefined();
  });

  it("leaves alone what is under way, and what an operator has to decide", async () => {
    await missed.run();
    await resolve(UNKNOWN);
    await missed.run();
    expect(settled).toEqual([]);
    expect((await owing())?.settlement?.state).toBe("pending");
  });
});
