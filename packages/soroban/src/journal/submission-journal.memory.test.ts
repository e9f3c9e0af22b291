import { describe, expect, it } from "vitest";
import type { Resolution } from "../intent/resolution.ts";
import {
  leaseOne,
  leaseRequest,
  newIntent,
  prepareOne,
  readyChannels,
  T0,
} from "./contract/fixtures.ts";
import { describeSubmissionJournalContract } from "./contract/submission-journal.contract.ts";
import { createMemoryJournal } from "./submission-journal.memory.ts";
import { tokenOf } from "./submission-journal.ts";

describeSubmissionJournalContract("memory", async () => {
  const resolutions: Resolution[] = [];
  let hookError: Error | undefined;
  const journal = createMemoryJournal({
    onResolved(_transaction, resolved) {
      if (hookError !== undefined) throw hookError;
      resolutions.push(...resolved);
    },
  });
  return { journal, resolutions, failHook: (error) => (hookError = error) };
});

describe("a hook that takes its time", () => {
  const refusal = { state: "refused", failure: { reason: "contract_error" } } as const;

  function begin() {
    const told = Promise.withResolvers<void>();
    const journal = createMemoryJournal({ onResolved: () => told.promise });
    const end = { atMs: T0, recordId: "line-1" };
    return { journal, told, end };
  }

  it("is waited for before anything is changed", async () => {
    const { journal, told, end } = begin();
    const intent = newIntent();
    await journal.insertIntents([intent]);
    const leased = await leaseOne(journal);
    const resolving = journal.resolve(tokenOf(leased), refusal, end);
    expect((await journal.findIntent("acme", intent.intentId))?.state).toBe("received");
    told.resolve();
    expect(await resolving).toBe(true);
    expect((await journal.findIntent("acme", intent.intentId))?.state).toBe("refused");
  });

  it("does not keep the lease from going to another, who decides then", async () => {
    const { journal, told, end } = begin();
    await readyChannels(journal);
    const { intent, prepared } = await prepareOne(journal);
    const resolving = journal.resolve(tokenOf(prepared), refusal, end, { index: 0 });
    await journal.leaseDue(leaseRequest({ owner: "worker-2", nowMs: T0 + 30_000 }));
    told.resolve();
    expect(await resolving).toBe(false);
    expect((await journal.findIntent("acme", intent.intentId))?.state).toBe("prepared");
    expect((await journal.counts()).channels.bound).toBe(1);
  });
});
