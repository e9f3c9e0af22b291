import type { xdr } from "@stellar/stellar-sdk";
import { xdrBytes } from "./xdr-cache.ts";

/**
 * The XDR of a value, without the SDK for the types that calls and events are made of: a ledger
 * full of batches encodes tens of thousands of them. Equal to `toXdr()`, byte for byte.
 */
export function scValBytes(value: xdr.ScVal): Uint8Array {
  const known = encoded.get(value);
  if (known) return known;
  const bytes = Buffer.allocUnsafe(sizeOfScVal(value));
  write(value, bytes, 0);
  encoded.set(value, bytes);
  return bytes;
}

const encoded = new WeakMap<xdr.ScVal, Uint8Array>();

/** How many bytes it takes. Fees go by sizes, and what is only measured need not be encoded. */
export function sizeOfScVal(value: xdr.ScVal): number {
  switch (value.type) {
    case "scvVoid":
      return 4;
    case "scvBool":
    case "scvU32":
      return 8;
    case "scvI128":
      return 20;
    case "scvSymbol":
      return 8 + padded(value.sym.bytes.length);
    case "scvAddress":
      return 4 + sizeOfAddress(value.address);
    case "scvVec":
      return 8 + (value.vec === null ? 0 : 4 + sumOf(value.vec, sizeOfScVal));
    case "scvMap":
      return 8 + (value.map === null ? 0 : 4 + sumOf(value.map, sizeOfMapEntry));
    default:
      return xdrBytes(value).length;
  }
}

/** SCValType. */
const TYPE = { bool: 0, void: 1, u32: 3, i128: 10, symbol: 15, vec: 16, map: 17, address: 18 };

const ADDRESS_TYPE = { account: 0, contract: 1 };
const KEY_TYPE_ED25519 = 0;

/** Writes the value and gives where it ends. */
function write(value: xdr.ScVal, to: Buffer, at: number): number {
  switch (value.type) {
    case "scvVoid":
      return to.writeUInt32BE(TYPE.void, at);
    case "scvBool":
      return to.writeUInt32BE(value.b ? 1 : 0, to.writeUInt32BE(TYPE.bool, at));
    case "scvU32":
      return to.writeUInt32BE(value.u32, to.writeUInt32BE(TYPE.u32, at));
    case "scvI128": {
      const { hi, lo } = value.i128;
      const high = to.writeBigInt64BE(hi, to.writeUInt32BE(TYPE.i128, at));
      return to.writeBigUInt64BE(lo, high);
    }
    case "scvSymbol":
      return writePadded(value.sym.bytes, to, to.writeUInt32BE(TYPE.symbol, at));
    case "scvAddress":
      return writeAddress(value.address, to, to.writeUInt32BE(TYPE.address, at));
    case "scvVec": {
      const head = to.writeUInt32BE(TYPE.vec, at);
      return writeList(value.vec, to, head, (item, end) => write(item, to, end));
    }
    case "scvMap": {
      const head = to.writeUInt32BE(TYPE.map, at);
      return writeList(value.map, to, head, ({ key, val }, end) =>
        write(val, to, write(key, to, end)),
      );
    }
    default:
      return copy(xdrBytes(value), to, at);
  }
}

function writeList<Item>(
  items: readonly Item[] | null,
  to: Buffer,
  at: number,
  writeItem: (item: Item, at: number) => number,
): number {
  let end = to.writeUInt32BE(items === null ? 0 : 1, at);
  if (items === null) return end;
  end = to.writeUInt32BE(items.length, end);
  for (const item of items) end = writeItem(item, end);
  return end;
}

function writePadded(bytes: Uint8Array, to: Buffer, at: number): number {
  const start = to.writeUInt32BE(bytes.length, at);
  const end = start + padded(bytes.length);
  to.fill(0, start + bytes.length, end);
  copy(bytes, to, start);
  return end;
}

function copy(bytes: Uint8Array, to: Buffer, at: number): number {
  to.set(bytes, at);
  return at + bytes.length;
}

/** The same of an address by itself. */
export function addressBytes(address: xdr.ScAddress): Uint8Array {
  const bytes = Buffer.allocUnsafe(sizeOfAddress(address));
  writeAddress(address, bytes, 0);
  return bytes;
}

function writeAddress(address: xdr.ScAddress, to: Buffer, at: number): number {
  switch (address.type) {
    case "scAddressTypeAccount": {
      const keyType = to.writeUInt32BE(ADDRESS_TYPE.account, at);
      const key = to.writeUInt32BE(KEY_TYPE_ED25519, keyType);
      return copy(address.accountId.ed25519.toBytes(), to, key);
    }
    case "scAddressTypeContract":
      return copy(address.contractId.toBytes(), to, to.writeUInt32BE(ADDRESS_TYPE.contract, at));
    default:
      return copy(xdrBytes(address), to, at);
  }
}

function sizeOfAddress(address: xdr.ScAddress): number {
  switch (address.type) {
    case "scAddressTypeAccount":
      return 40;
    case "scAddressTypeContract":
      return 36;
    default:
      return xdrBytes(address).length;
  }
}

function sizeOfMapEntry({ key, val }: xdr.ScMapEntry): number {
  return sizeOfScVal(key) + sizeOfScVal(val);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function sumOf<Item>(items: readonly Item[], sizeOf: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += sizeOf(item);
  return sum;
}
