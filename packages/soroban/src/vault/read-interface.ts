import type { xdr } from "@stellar/stellar-sdk/base";
import type { BatchArgument, DeductArgument, VaultInterface } from "./vault-call.ts";

/**
 * How a contract wants to be called, from the functions that its spec declares. A `deduct` whose
 * arguments are not the known ones leaves `base` as it is; without a `batch_deduct` of known
 * arguments it takes no batches.
 */
export function readInterface(
  entries: readonly xdr.ScSpecEntry[],
  base: VaultInterface,
): VaultInterface {
  const deduct = argumentsOf(entries, "deduct");
  if (deduct === undefined || !isOrderOf(deduct, base.deductOrder)) return base;
  const batch = argumentsOf(entries, "batch_deduct");
  const isBatching = batch !== undefined && isOrderOf(batch, base.batchOrder);
  return {
    ...base,
    deductOrder: deduct as DeductArgument[],
    batchOrder: isBatching ? (batch as BatchArgument[]) : base.batchOrder,
    isBatching,
  };
}

function argumentsOf(entries: readonly xdr.ScSpecEntry[], name: string): string[] | undefined {
  for (const entry of entries) {
    if (entry.type !== "scSpecEntryFunctionV0") continue;
    const { functionV0 } = entry;
    if (String(functionV0.name) === name)
      return functionV0.inputs.map((input) => String(input.name));
  }
  return undefined;
}

/** The same names, in whatever order. */
function isOrderOf(names: readonly string[], known: readonly string[]): boolean {
  return names.length === known.length && known.every((name) => names.includes(name));
}
