import { scValToBigInt, xdr } from "@stellar/stellar-sdk";
import { addressText, scAddress } from "../entries/entry.ts";
import { HostError } from "../host/host-error.ts";

export const I128_MAX = 2n ** 127n - 1n;

export function i128(value: bigint): xdr.ScVal {
  if (BigInt.asIntN(128, value) !== value) throw new RangeError(`${value} is no i128`);
  return xdr.ScVal.scvI128(
    new xdr.Int128Parts({ hi: value >> 64n, lo: BigInt.asUintN(64, value) }),
  );
}

const addressValues = new WeakMap<xdr.ScAddress, xdr.ScVal>();

/** Made once for each address, like the address itself. */
export function addressValue(address: string): xdr.ScVal {
  const decoded = scAddress(address);
  let value = addressValues.get(decoded);
  if (!value) {
    value = xdr.ScVal.scvAddress(decoded);
    addressValues.set(decoded, value);
  }
  return value;
}

export function symbolOrVoid(symbol: string | undefined): xdr.ScVal {
  return symbol === undefined ? xdr.ScVal.scvVoid() : xdr.ScVal.scvSymbol(symbol);
}

export function readI128(value: xdr.ScVal): bigint {
  if (value.type !== "scvI128") throw unexpected("i128", value);
  return scValToBigInt(value);
}

export function readU32(value: xdr.ScVal): number {
  if (value.type !== "scvU32") throw unexpected("u32", value);
  return value.u32;
}

export function readAddress(value: xdr.ScVal): string {
  if (value.type !== "scvAddress") throw unexpected("address", value);
  return addressText(value.address);
}

export function readSymbol(value: xdr.ScVal): string {
  if (value.type !== "scvSymbol") throw unexpected("symbol", value);
  const symbol = value.sym.toString();
  if (!/^[A-Za-z0-9_]{0,32}$/.test(symbol)) {
    throw HostError.host("Value", "InvalidInput", "symbol of a character not allowed");
  }
  return symbol;
}

export function readOptionalSymbol(value: xdr.ScVal): string | undefined {
  return value.type === "scvVoid" ? undefined : readSymbol(value);
}

export function readVec(value: xdr.ScVal): readonly xdr.ScVal[] {
  if (value.type !== "scvVec") throw unexpected("vec", value);
  return value.vec ?? [];
}

/** Reads a struct: a map whose keys are exactly `fields`, in the order of symbols. */
export function readStruct(value: xdr.ScVal, fields: readonly string[]): Record<string, xdr.ScVal> {
  if (value.type !== "scvMap") throw unexpected("map", value);
  const entries = value.map ?? [];
  const isExact =
    entries.length === fields.length &&
    entries.every(({ key }, at) => key.type === "scvSymbol" && key.sym.toString() === fields[at]);
  if (!isExact) throw HostError.host("Value", "UnexpectedSize", "fields of another struct");
  const struct: Record<string, xdr.ScVal> = {};
  for (const [at, { val }] of entries.entries()) struct[fields[at] ?? ""] = val;
  return struct;
}

function unexpected(wanted: string, value: xdr.ScVal): HostError {
  return HostError.host("Value", "UnexpectedType", `wanted ${wanted}, got ${value.type}`);
}
