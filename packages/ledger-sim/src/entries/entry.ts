import { Address, Keypair, StrKey, xdr } from "@stellar/stellar-sdk";
import { addressBytes, scValBytes } from "./sc-val-bytes.ts";
import { base64, xdrBytes, xdrU32 } from "./xdr-cache.ts";

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

const keys = new WeakMap<xdr.LedgerKey, Uint8Array>();
const CONTRACT_DATA = xdrU32(6);

/** The XDR of a key, put together from its parts where it is of contract data; encoded once. */
export function ledgerKeyBytes(key: xdr.LedgerKey): Uint8Array {
  if (key.type !== "contractData") return xdrBytes(key);
  const known = keys.get(key);
  if (known) return known;
  const { contract, key: name, durability } = key.value;
  const parts = [addressBytes(contract), scValBytes(name), xdrU32(durability.value)];
  const bytes = Buffer.concat([CONTRACT_DATA, ...parts]);
  keys.set(key, bytes);
  return bytes;
}

const ids = new WeakMap<xdr.LedgerKey, string>();

/** Names an entry in the store: the address of an account, else the key's XDR in base64. */
export function entryId(key: xdr.LedgerKey): string {
  const known = ids.get(key);
  if (known !== undefined) return known;
  const id =
    key.type === "account" ? accountIdOf(key.value.accountId) : base64(ledgerKeyBytes(key));
  ids.set(key, id);
  return id;
}

/** Values that are made once for each name; all are forgotten when there are too many. */
class Remembered<Value> {
  readonly #values = new Map<string, Value>();

  get(name: string, make: () => Value): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    if (this.#values.size >= ADDRESS_CACHE_SIZE) this.#values.clear();
    const value = make();
    this.#values.set(name, value);
    return value;
  }
}

const ADDRESS_CACHE_SIZE = 10_000;
const accountIds = new Remembered<string>();
const contractIds = new Remembered<string>();
const addresses = new Remembered<xdr.ScAddress>();

export function accountIdOf(key: xdr.PublicKey): string {
  return accountIdOfBytes(key.value.toBytes());
}

export function muxedAccountIdOf(account: xdr.MuxedAccount): string {
  const key = account.type === "keyTypeEd25519" ? account.ed25519 : account.med25519.ed25519;
  return accountIdOfBytes(key.toBytes());
}

function accountIdOfBytes(bytes: Uint8Array): string {
  return accountIds.get(latin1(bytes), () => StrKey.encodeEd25519PublicKey(bytes));
}

/** An address of any kind as text; encoded once. */
export function addressText(address: xdr.ScAddress): string {
  switch (address.type) {
    case "scAddressTypeAccount":
      return accountIdOf(address.accountId);
    case "scAddressTypeContract":
      return contractIdText(address.contractId);
    default:
      return Address.fromScAddress(address).toString();
  }
}

export function contractIdText(contractId: xdr.ContractId): string {
  const bytes = contractId.toBytes();
  return contractIds.get(latin1(bytes), () => StrKey.encodeContract(bytes));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
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

/** Decodes an address once; the decoded values are immutable and shared. */
export function scAddress(address: string): xdr.ScAddress {
  return addresses.get(address, () => new Address(address).toScAddress());
}

export function accountLedgerKey(accountId: string): xdr.LedgerKey {
  return xdr.LedgerKey.account(
    new xdr.LedgerKeyAccount({ accountId: Keypair.fromPublicKey(accountId).xdrAccountId() }),
  );
}
