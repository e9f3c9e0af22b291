import { describe } from "vitest";
import { describeBatches } from "./batches.contract.ts";
import { describeChannels } from "./channels.contract.ts";
import type { MakeJournal } from "./fixtures.ts";
import { describeLeases } from "./leases.contract.ts";
import { describeRequestPath } from "./request-path.contract.ts";
import { describeTransitions } from "./transitions.contract.ts";

/** What every adapter of the submission journal must do. */
export function describeSubmissionJournalContract(name: string, make: MakeJournal): void {
  describe(`submission journal: ${name}`, () => {
    describeRequestPath(make);
    describeLeases(make);
    describeBatches(make);
    describeTransitions(make);
    describeChannels(make);
  });
}
