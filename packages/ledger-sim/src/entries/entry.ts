import { Address, Keypair, StrKey, xdr } from "@stellar/stellar-sdk";

/** A classic account; amounts in stroops, `sequence` as last used. */
export interface AccountEntry {
  readonly kind: "account";
  readonly accountId: string;
  readonly balance: bigint;
  readonly sequence: bigint;
  readonly sequenceLedger: number;
  readonly sequenceTime: number;
  readonly lastModified: number;
}

/** Contract data or code: it lives until a ledger, past which a persistent entry is archived. */
export interface SorobanEntry {
  readonly kind: "soroban";
  readonly key: xdr.LedgerKey;
  readonly data: xdr.LedgerEntryData;
  readonly liveUntil: number;
  readonly lastModified: number;
}

export type Entry = AccountEntry | SorobanEntry;

const ids = new WeakMap<xdr.LedgerKey, string>();

/** Names an entry in the store: the address of an account, else the key's XDR in base64. */
export function entryId(key: xdr.LedgerKey): string {
  const known = ids.get(key);
  if (known !== undefined) return known;
  const id =
    key.type === "account"
      ? accountIdOf(key.value.accountId)
      : Buffer.from(key.toXdr()).toString("base64");
  ids.set(key, id);
  return id;
}

export function accountIdOf(key: xdr.PublicKey): string {
  return StrKey.encodeEd25519PublicKey(key.value.toBytes());
}

export function muxedAccountIdOf(account: xdr.MuxedAccount): string {
  const key = account.type === "keyTypeEd25519" ? account.ed25519 : account.med25519.ed25519;
  return StrKey.encodeEd25519PublicKey(key.toBytes());
}

export function contractDataKey(
  owner: string,
  key: xdr.ScVal,
  durability: "persistent" | "temporary" = "persistent",
): xdr.LedgerKey {
  return xdr.LedgerKey.contractData(
    new xdr.LedgerKeyContractData({
      contract: scAddress(owner),
      key,
      durability: xdr.ContractDataDurability.fromName(durability),
    }),
  );
}

/** Builds a contract data entry for its key. */
export function contractDataEntry(
  key: xdr.LedgerKey,
  value: xdr.ScVal,
  liveUntil: number,
  lastModified: number,
): SorobanEntry {
  if (key.type !== "contractData") throw new Error(`not a contract data key: ${key.type}`);
  const data = xdr.LedgerEntryData.contractData(
    new xdr.ContractDataEntry({
      ext: xdr.ExtensionPoint.v0(),
      contract: key.value.contract,
      key: key.value.key,
      durability: key.value.durability,
      val: value,
    }),
  );
  return { kind: "soroban", key, data, liveUntil, lastModified };
}

export function isTemporary(key: xdr.LedgerKey): boolean {
  return (
    key.type === "contractData" && key.value.durability.equals(xdr.ContractDataDurability.temporary)
  );
}

const addresses = new Map<string, xdr.ScAddress>();
const ADDRESS_CACHE_SIZE = 10_000;

/** Decodes an address once; the decoded values are immutable and shared. */
export function scAddress(address: string): xdr.ScAddress {
  const known = addresses.get(address);
  if (known) return known;
  if (addresses.size >= ADDRESS_CACHE_SIZE) addresses.clear();
  const decoded = new Address(address).toScAddress();
  addresses.set(address, decoded);
  return decoded;
}

export function accountLedgerKey(accountId: string): xdr.LedgerKey {
  return xdr.LedgerKey.account(
    new xdr.LedgerKeyAccount({ accountId: Keypair.fromPublicKey(accountId).xdrAccountId() }),
  );
}
