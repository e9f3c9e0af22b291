import { type Command, EXIT, readNumber, requireOption } from "../command.ts";
import { FollowedContracts, readContract } from "./followed-contracts.ts";

/** Has a contract's events read again. */
export const rewindIndexer: Command = {
  name: "indexer rewind",
  parameters: "<contract> --ledger <ledger>",
  summary: "Read a contract's events again from a ledger on; what was applied changes nothing.",
  options: { ledger: { type: "string" } },
  async run(output, env, given) {
    const contractId = readContract(given.operands);
    const ledger = readNumber("--ledger", requireOption(given, "ledger"));
    const contracts = new FollowedContracts(env);
    await contracts.rewind(await contracts.get(contractId), ledger);
    output.line(`${contractId} is read again from ledger ${ledger} on`);
    output.json({ contractId, ledger });
    return EXIT.ok;
  },
};
