import { Keypair, xdr } from "@stellar/stellar-sdk/base";
import { RpcError } from "./rpc-error.ts";
import type { LedgerEntriesAnswer, SorobanRpc } from "./soroban-rpc.ts";

/** An account as the ledger holds it at `ledger`. */
export interface AccountReading {
  readonly publicKey: string;
  readonly ledger: number;
  /** Undefined: there is no such account at that ledger. */
  readonly sequence?: bigint;
  readonly balanceStroops?: bigint;
}

/** The network's own bound on keys per getLedgerEntries call. */
const MAX_KEYS = 200;

/**
 * Reads accounts straight from the ledger. Unlike the SDK's `getAccount`, "no such account" and
 * "no answer" are two things here, and the ledger of the reading is part of the answer.
 * @throws {RpcError}
 */
export async function readAccounts(
  rpc: SorobanRpc,
  publicKeys: readonly string[],
): Promise<AccountReading[]> {
  const readings: AccountReading[] = [];
  for (let start = 0; start < publicKeys.length; start += MAX_KEYS) {
    const asked = publicKeys.slice(start, start + MAX_KEYS).map(withKey);
    const answer = await rpc.getLedgerEntries(asked.map(({ key }) => key));
    readings.push(...asked.map((account) => readingOf(account, answer)));
  }
  return readings;
}

/** One account, see `readAccounts`. @throws {RpcError} */
export async function readAccount(rpc: SorobanRpc, publicKey: string): Promise<AccountReading> {
  const asked = withKey(publicKey);
  return readingOf(asked, await rpc.getLedgerEntries([asked.key]));
}

interface AskedAccount {
  readonly publicKey: string;
  /** The base64 LedgerKey. */
  readonly key: string;
}

function withKey(publicKey: string): AskedAccount {
  const accountId = Keypair.fromPublicKey(publicKey).xdrAccountId();
  const key = xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId })).toXdr("base64");
  return { publicKey, key };
}

function readingOf({ publicKey, key }: AskedAccount, answer: LedgerEntriesAnswer): AccountReading {
  const ledger = answer.latestLedger;
  const entry = answer.entries.find((candidate) => candidate.key === key);
  if (entry === undefined) return { publicKey, ledger };
  const { seqNum: sequence, balance: balanceStroops } = decodeAccount(entry.xdr);
  return { publicKey, ledger, sequence, balanceStroops };
}

/** An entry that is no account is no answer: it must not pass for an account that is not there. */
function decodeAccount(entryXdr: string): xdr.AccountEntry {
  let data: xdr.LedgerEntryData;
  try {
    data = xdr.LedgerEntryData.fromXdr(entryXdr, "base64");
  } catch (cause) {
    throw new RpcError("malformed", "getLedgerEntries", { cause });
  }
  if (data.type === "account") return data.account;
  throw new RpcError("malformed", "getLedgerEntries", { detail: "an entry that is no account" });
}
