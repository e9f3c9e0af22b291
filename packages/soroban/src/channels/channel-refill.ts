import { Asset, Operation } from "@stellar/stellar-sdk/base";
import type { ChannelJournal } from "../journal/channel-journal.ts";
import { readAccounts } from "../rpc/account-entry.ts";
import { decideRefills, type Refill, type RefillPolicy } from "./decide-refill.ts";
import { sendFromTreasury, type TreasuryOptions } from "./treasury-transaction.ts";

export interface ChannelRefillOptions extends TreasuryOptions {
  readonly journal: ChannelJournal;
  readonly refill: RefillPolicy;
}

/** Accounts refilled by one transaction; the network allows 100 operations. */
const REFILLS_PER_TRANSACTION = 50;
/** How many ledgers a low channel is put aside for: as long as its refill may take. */
const ASIDE_LEDGERS = 8;
const STROOPS_PER_XLM = 10_000_000n;

/**
 * Fills up the channels that run low, and puts them aside meanwhile where nothing rides on them.
 * The ledger's balance alone decides, so that it is safe to call again after a crash and from
 * several instances: at worst a channel of our own gets more than it needs.
 * @throws {RpcError} no answer: call again later
 */
export async function refillChannels(options: ChannelRefillOptions, count: number): Promise<void> {
  const { journal, rpc, logger } = options;
  const known = (await journal.listChannels()).filter(
    ({ index, state }) => index < count && state !== "absent",
  );
  const readings = await readAccounts(
    rpc,
    known.map(({ publicKey }) => publicKey),
  );
  const refills = decideRefills(options.refill, readings).slice(0, REFILLS_PER_TRANSACTION);
  if (refills.length === 0) return;
  const untilMs = options.clock() + ASIDE_LEDGERS * options.pace().ledgerMs;
  const low = new Set(refills.map(({ publicKey }) => publicKey));
  for (const { index } of known.filter(({ publicKey }) => low.has(publicKey))) {
    await journal.quarantineChannel(index, { untilMs, reason: "low balance" });
  }
  logger.warn({ channels: refills.length }, "channel accounts run low");
  await sendFromTreasury(options, refills.map(payment));
}

function payment({ publicKey: destination, amountStroops }: Refill) {
  return Operation.payment({ destination, asset: Asset.native(), amount: xlm(amountStroops) });
}

function xlm(stroops: bigint): string {
  const fraction = String(stroops % STROOPS_PER_XLM).padStart(7, "0");
  return `${stroops / STROOPS_PER_XLM}.${fraction}`;
}

/** Stroops of an amount in XLM such as `10` or `2.5`. @throws {Error} for anything else */
export function stroopsOfXlm(amount: string): bigint {
  const match = /^(\d{1,12})(?:\.(\d{1,7}))?$/.exec(amount);
  if (match === null) throw new Error(`not an amount of XLM: ${amount}`);
  const [, whole = "0", fraction = ""] = match;
  return BigInt(whole) * STROOPS_PER_XLM + BigInt(fraction.padEnd(7, "0"));
}
