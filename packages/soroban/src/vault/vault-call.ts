import {
  encodeCall,
  writeAddress,
  writeI128,
  writeMapHead,
  writeSymbol,
  writeU32,
  writeVecHead,
} from "../envelope/encode-call.ts";
import type { XdrWriter } from "../envelope/xdr-writer.ts";
import type { ChargeTerms } from "../outcome/decide-adoption.ts";

/** The arguments of the vault's `deduct`, by name. */
export type DeductArgument = "caller" | "amount" | "request_id" | "max_fee_bps" | "developer";

/** The arguments of the vault's `batch_deduct`, by name. */
export type BatchArgument = "caller" | "items";

/** What of a vault's interface may differ from one contract to the next. */
export interface VaultInterface {
  readonly deductOrder: readonly DeductArgument[];
  readonly batchOrder: readonly BatchArgument[];
  /** Whether it has `batch_deduct`. */
  readonly isBatching: boolean;
  /** Basis points of the amount that the contract may keep; the platform bears network fees. */
  readonly maxFeeBps: number;
}

export const DEFAULT_VAULT_INTERFACE: VaultInterface = {
  deductOrder: ["caller", "amount", "request_id", "max_fee_bps", "developer"],
  batchOrder: ["caller", "items"],
  isBatching: true,
  maxFeeBps: 0,
};

/**
 * The XDR of the operation that charges some intents of one vault, all or none of them, with the
 * vault's authorised caller as its source: `deduct` for one, `batch_deduct` for several.
 * `auth`: base64 SorobanAuthorizationEntry each.
 * @throws {Error} for a payee or a vault that is no address, an amount or a marker that has no room
 */
export function encodeCharge(
  charges: readonly ChargeTerms[],
  vault: VaultInterface,
  auth: readonly string[],
): Uint8Array {
  const [first] = charges;
  if (first === undefined) throw new Error("a charge of nothing");
  const { vaultContractId: contractId, caller: source } = first;
  return charges.length === 1
    ? encodeCall({ contractId, functionName: "deduct", source, auth }, (out) =>
        writeDeductArguments(out, first, vault),
      )
    : encodeCall({ contractId, functionName: "batch_deduct", source, auth }, (out) =>
        writeBatchArguments(out, charges, first.caller, vault),
      );
}

function writeDeductArguments(out: XdrWriter, terms: ChargeTerms, vault: VaultInterface): void {
  out.u32(vault.deductOrder.length);
  for (const name of vault.deductOrder) writeDeductArgument(out, name, terms, vault);
}

function writeDeductArgument(
  out: XdrWriter,
  name: DeductArgument,
  terms: ChargeTerms,
  { maxFeeBps }: VaultInterface,
): void {
  switch (name) {
    case "caller":
      return writeAddress(out, terms.caller);
    case "amount":
      return writeI128(out, terms.amountStroops);
    case "request_id":
      return writeSymbol(out, terms.marker);
    case "max_fee_bps":
      return writeU32(out, maxFeeBps);
    case "developer":
      return writeAddress(out, terms.payee);
  }
}

function writeBatchArguments(
  out: XdrWriter,
  charges: readonly ChargeTerms[],
  caller: string,
  vault: VaultInterface,
): void {
  out.u32(vault.batchOrder.length);
  for (const name of vault.batchOrder) {
    if (name === "caller") {
      writeAddress(out, caller);
      continue;
    }
    writeVecHead(out, charges.length);
    for (const terms of charges) writeItem(out, terms);
  }
}

/** A struct is a map whose keys are in order. */
function writeItem(out: XdrWriter, { amountStroops, payee, marker }: ChargeTerms): void {
  writeMapHead(out, 3);
  writeSymbol(out, "amount");
  writeI128(out, amountStroops);
  writeSymbol(out, "developer");
  writeAddress(out, payee);
  writeSymbol(out, "request_id");
  writeSymbol(out, marker);
}
