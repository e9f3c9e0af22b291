import { type Command, EXIT } from "../command.ts";
import { FollowedContracts, gapText } from "./followed-contracts.ts";

/** Shows how far the contracts have been read, and what of them is lost. */
export const showIndexer: Command = {
  name: "indexer status",
  summary: "Show how far each contract's events have been read, and which ledgers are missing.",
  async run(output, env) {
    const contracts = await new FollowedContracts(env).list();
    for (const { contractId, ledger, updatedAt, gaps } of contracts) {
      output.line(`${contractId} read to ledger ${ledger}, last at ${updatedAt}`);
      for (const gap of gaps) output.line(`    missing: ${gapText(gap)}`);
    }
    if (contracts.length === 0) output.line("no contract is followed");
    output.json({ contracts });
    return EXIT.ok;
  },
};
