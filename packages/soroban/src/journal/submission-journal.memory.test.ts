import type { Resolution } from "../intent/resolution.ts";
import { describeSubmissionJournalContract } from "./contract/submission-journal.contract.ts";
import { createMemoryJournal } from "./submission-journal.memory.ts";

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
