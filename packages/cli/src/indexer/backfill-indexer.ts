import { setTimeout as delay } from "node:timers/promises";
import { type Command, EXIT, type Output, readNumber } from "../command.ts";
import {
  type FollowedContract,
  FollowedContracts,
  gapText,
  readContract,
} from "./followed-contracts.ts";

/** How often it is asked how far the reading has come. */
const POLL_MS = 250;
/** A reading that stands still for so long is nobody's. */
const STALLED_MS = 60_000;

/** Reads what is missing of a contract's events, and waits until it is read. */
export const backfillIndexer: Command = {
  name: "indexer backfill",
  parameters: "<contract> [--from-ledger <ledger>]",
  summary: "Read a contract's missing ledgers, from the first of them or the given one on.",
  options: { "from-ledger": { type: "string" } },
  async run(output, env, given) {
    const contractId = readContract(given.operands);
    const { "from-ledger": asked } = given.options;
    const wanted = typeof asked === "string" ? readNumber("--from-ledger", asked) : undefined;
    const contracts = new FollowedContracts(env);
    const before = await contracts.get(contractId);
    const from = wanted ?? before.gaps[0]?.fromLedger;
    if (from === undefined) {
      output.line(`${contractId}: no ledger is missing`);
      output.json({ contract: before, fromLedger: null, isFilled: true });
      return EXIT.ok;
    }
    await contracts.rewind(before, from);
    const after = await follow(contracts, before, from, output);
    const left = after.gaps.filter(({ toLedger }) => toLedger >= from);
    for (const gap of left) output.line(`${contractId}: still missing: ${gapText(gap)}`);
    if (left.length === 0) output.line(`${contractId}: read again from ledger ${from} on`);
    output.json({ contract: after, fromLedger: from, isFilled: left.length === 0 });
    return left.length === 0 ? EXIT.ok : EXIT.failed;
  },
};

/** Until it has been read from `from` on as far as before. @throws {Error} when nobody reads */
async function follow(
  contracts: FollowedContracts,
  { contractId, ledger: goal }: FollowedContract,
  from: number,
  output: Output,
): Promise<FollowedContract> {
  let reached = 0;
  let movedAtMs = performance.now();
  for (;;) {
    const contract = await contracts.get(contractId);
    // From the ledger that was reached on, it has come as far as before without having been read.
    const isRead = contract.ledger > from || contract.cursor !== null;
    if (isRead && contract.ledger >= goal) return contract;
    if (contract.ledger !== reached) {
      reached = contract.ledger;
      movedAtMs = performance.now();
      output.progress(`${contractId}: at ledger ${reached} of ${goal}`);
    }
    if (performance.now() - movedAtMs > STALLED_MS) {
      throw new Error(`nobody reads ${contractId}: it has stood at ledger ${reached} for a minute`);
    }
    await delay(POLL_MS);
  }
}
