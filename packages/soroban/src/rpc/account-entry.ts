import { Keypair, xdr } from "@stellar/stellar-sdk/base";
import type { SorobanRpc } from "./soroban-rpc.ts";

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
    const chunk = publicKeys.slice(start, start + MAX_KEYS);
    const keys = chunk.map(accountKey);
    const answer = await rpc.getLedgerEntries(keys);
    const accounts = new Map(
      answer.entries.map((entry) => {
        const data = xdr.LedgerEntryData.fromXdr(entry.xdr, "base64");
        return [entry.key, data.type === "account" ? data.account : undefined] as const;
      }),
    );
    chunk.forEach((publicKey, index) => {
      const account = accounts.get(keys[index] ?? "");
      readings.push({
        publicKey,
        ledger: answer.latestLedger,
        ...(account && { sequence: account.seqNum, balanceStroops: account.balance }),
      });
    });
  }
  return readings;
}

/** One account, see `readAccounts`. @throws {RpcError} */
export async function readAccount(rpc: SorobanRpc, publicKey: string): Promise<AccountReading> {
  const [reading] = await readAccounts(rpc, [publicKey]);
  if (reading === undefined) throw new Error("readAccounts answers for every key it is given");
  return reading;
}

function accountKey(publicKey: string): string {
  const accountId = Keypair.fromPublicKey(publicKey).xdrAccountId();
  return xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId })).toXdr("base64");
}
