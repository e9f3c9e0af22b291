import { contractXdr, scAddressXdr } from "./address-xdr.ts";
import { writeAccount } from "./encode-transaction.ts";
import { XdrWriter } from "./xdr-writer.ts";

/** A call of a contract's function. */
export interface ContractCall {
  readonly contractId: string;
  readonly functionName: string;
  /** The operation's own source account; the transaction's where it has none. */
  readonly source?: string;
  /** Base64 SorobanAuthorizationEntry each, as simulation gave them. */
  readonly auth?: readonly string[];
}

const INVOKE_HOST_FUNCTION = 24;
const RESTORE_FOOTPRINT = 26;
const HOST_FUNCTION_INVOKE_CONTRACT = 0;
const SYMBOL_BYTES = 32;

/** The types of SCVal that calls are made of. */
const SCV = { u32: 3, i128: 10, symbol: 15, vec: 16, map: 17, address: 18 } as const;

/**
 * The XDR of the operation that makes the call. `writeArguments` writes the count of the arguments
 * and each of them.
 * @throws {Error} for an address that is none, a name or a number that its type does not hold
 */
export function encodeCall(
  { contractId, functionName, source, auth = [] }: ContractCall,
  writeArguments: (out: XdrWriter) => void,
): Uint8Array {
  const out = new XdrWriter();
  out.u32(source === undefined ? 0 : 1);
  if (source !== undefined) writeAccount(out, source);
  out.u32(INVOKE_HOST_FUNCTION);
  out.u32(HOST_FUNCTION_INVOKE_CONTRACT);
  out.raw(contractXdr(contractId));
  out.string(functionName, SYMBOL_BYTES);
  writeArguments(out);
  out.u32(auth.length);
  for (const entry of auth) out.raw(Buffer.from(entry, "base64"));
  return out.toBytes();
}

/** The XDR of the operation that restores the transaction's footprint. */
export function encodeRestore(): Uint8Array {
  const out = new XdrWriter();
  out.u32(0);
  out.u32(RESTORE_FOOTPRINT);
  out.u32(0);
  return out.toBytes();
}

export function writeU32(out: XdrWriter, value: number): void {
  out.u32(SCV.u32);
  out.u32(value);
}

export function writeI128(out: XdrWriter, value: bigint): void {
  out.u32(SCV.i128);
  out.i64(value >> 64n);
  out.u64(BigInt.asUintN(64, value));
}

export function writeSymbol(out: XdrWriter, symbol: string): void {
  out.u32(SCV.symbol);
  out.string(symbol, SYMBOL_BYTES);
}

export function writeAddress(out: XdrWriter, address: string): void {
  out.u32(SCV.address);
  out.raw(scAddressXdr(address));
}

/** The head of a vector of so many values, which are to follow. */
export function writeVecHead(out: XdrWriter, length: number): void {
  out.u32(SCV.vec);
  out.u32(1);
  out.u32(length);
}

/** The head of a map of so many keys and values, which are to follow in the keys' order. */
export function writeMapHead(out: XdrWriter, length: number): void {
  out.u32(SCV.map);
  out.u32(1);
  out.u32(length);
}
