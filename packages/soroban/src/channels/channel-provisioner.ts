import { Operation } from "@stellar/stellar-sdk/base";
import type { ChannelJournal } from "../journal/channel-journal.ts";
import { readAccounts } from "../rpc/account-entry.ts";
import type { Signer } from "../signing/signer.ts";
import { sendFromTreasury, type TreasuryOptions } from "./treasury-transaction.ts";

export interface ChannelProvisionerOptions extends TreasuryOptions {
  readonly journal: ChannelJournal;
  readonly channelSigner: (index: number) => Signer;
  readonly startingBalanceXlm: string;
}

/** Accounts made by one transaction; the network allows 100 operations. */
const ACCOUNTS_PER_TRANSACTION = 50;

/**
 * Makes sure that `count` channel accounts exist on chain, and says how many are still missing.
 * Safe to call again after a crash and from several instances at once: an account is made only when
 * the ledger does not have it, and of two who make it at the same time the ledger refuses one.
 * @throws {RpcError} no answer: call again later
 */
export async function provisionChannels(
  options: ChannelProvisionerOptions,
  count: number,
): Promise<{ missing: number }> {
  const { journal } = options;
  const all = Array.from({ length: count }, (_, index) => ({
    index,
    publicKey: options.channelSigner(index).publicKey,
  }));
  await journal.ensureChannels(all);
  let absent = await settleExisting(options, count);
  if (absent.length === 0) return { missing: 0 };
  const made = absent.slice(0, ACCOUNTS_PER_TRANSACTION);
  const startingBalance = options.startingBalanceXlm;
  await sendFromTreasury(
    options,
    made.map(({ publicKey: destination }) =>
      Operation.createAccount({ destination, startingBalance }),
    ),
  );
  absent = await settleExisting(options, count);
  options.logger.info({ count, missing: absent.length }, "channel accounts checked");
  return { missing: absent.length };
}

/** Marks what exists on chain as ready; gives back what does not. */
async function settleExisting({ journal, rpc }: ChannelProvisionerOptions, count: number) {
  const absent = (await journal.listChannels()).filter(
    ({ index, state }) => index < count && state === "absent",
  );
  const readings = await readAccounts(
    rpc,
    absent.map(({ publicKey }) => publicKey),
  );
  const exists = (index: number) => readings[index]?.sequence !== undefined;
  await journal.markChannelsReady(absent.filter((_, n) => exists(n)).map(({ index }) => index));
  return absent.filter((_, n) => !exists(n));
}
