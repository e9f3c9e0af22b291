import { nativeToScVal, StrKey, xdr } from "@stellar/stellar-sdk";
import { invalidParams, isObject } from "../json-rpc.ts";

/** The forms of SEP-51 that an object of one key is taken for. */
const SCVAL_NAMES: ReadonlySet<string> = new Set([
  "bool",
  "error",
  "u32",
  "i32",
  "u64",
  "i64",
  "timepoint",
  "duration",
  "u128",
  "i128",
  "u256",
  "i256",
  "bytes",
  "string",
  "symbol",
  "vec",
  "map",
  "address",
]);
const SYMBOL = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;
const MOST_DEPTH = 16;

export function readScVals(value: unknown, name: string): xdr.ScVal[] {
  if (!Array.isArray(value)) throw invalidParams(`${name} must be a list`);
  return value.map((item, index) => readScVal(item, `${name}[${index}]`));
}

/**
 * Reads a contract value: SCVal JSON (SEP-51: `{"symbol": "burn"}`, `{"i128": "5"}`, `"void"`)
 * or a native value. Natively text is an address, a symbol or a string, whichever fits first; a
 * whole number is an i128, a list a vec, an object a map with symbols as keys, null void.
 * @throws {JsonRpcError} invalid params, with where it stands
 */
export function readScVal(value: unknown, name: string, depth = 0): xdr.ScVal {
  if (depth > MOST_DEPTH) throw invalidParams(`${name} is nested too deeply`);
  if (value === undefined) throw invalidParams(`${name} is missing`);
  if (value === null || value === "void") return xdr.ScVal.scvVoid();
  if (typeof value === "boolean") return xdr.ScVal.scvBool(value);
  if (typeof value === "string") return readText(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw invalidParams(`${name} must be a whole number`);
    return nativeToScVal(BigInt(value), { type: "i128" });
  }
  if (Array.isArray(value)) {
    return xdr.ScVal.scvVec(
      value.map((item, index) => readScVal(item, `${name}[${index}]`, depth + 1)),
    );
  }
  if (!isObject(value)) throw invalidParams(`${name} is no contract value`);
  const names = Object.keys(value);
  return names.length === 1 && SCVAL_NAMES.has(names[0] as string)
    ? readScValJson(value, name)
    : readMap(value, name, depth);
}

function readText(text: string): xdr.ScVal {
  if (StrKey.isValidEd25519PublicKey(text) || StrKey.isValidContract(text)) {
    return nativeToScVal(text, { type: "address" });
  }
  return SYMBOL.test(text) ? xdr.ScVal.scvSymbol(text) : xdr.ScVal.scvString(text);
}

function readScValJson(value: Record<string, unknown>, name: string): xdr.ScVal {
  try {
    return xdr.ScVal.fromJson(value as Parameters<typeof xdr.ScVal.fromJson>[0]);
  } catch (error) {
    throw invalidParams(`${name}: ${error instanceof Error ? error.message : "not SCVal JSON"}`);
  }
}

function readMap(value: Record<string, unknown>, name: string, depth: number): xdr.ScVal {
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => {
      if (!/^[A-Za-z0-9_]{1,32}$/.test(key)) throw invalidParams(`${name}: ${key} is no symbol`);
      const val = readScVal(value[key], `${name}.${key}`, depth + 1);
      return new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol(key), val });
    });
  return xdr.ScVal.scvMap(entries);
}
