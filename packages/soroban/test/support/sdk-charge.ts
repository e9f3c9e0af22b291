import { Address, nativeToScVal, Operation, xdr } from "@stellar/stellar-sdk/base";
import type { ChargeTerms } from "../../src/outcome/decide-adoption.ts";
import type { BatchArgument, DeductArgument, VaultInterface } from "../../src/vault/vault-call.ts";

/** A charge's operation as the SDK makes it: what the engine's own encoding is held against. */
export function chargeOperation(
  charges: readonly ChargeTerms[],
  vault: VaultInterface,
  auth: readonly xdr.SorobanAuthorizationEntry[],
): xdr.Operation {
  const [first] = charges;
  if (first === undefined) throw new Error("a charge of nothing");
  const isOne = charges.length === 1;
  return invokeOperation({
    contractId: first.vaultContractId,
    functionName: isOne ? "deduct" : "batch_deduct",
    args: isOne ? deductArguments(first, vault) : batchArguments(first.caller, charges, vault),
    source: first.caller,
    auth,
  });
}

function deductArguments(terms: ChargeTerms, vault: VaultInterface): xdr.ScVal[] {
  const values: Record<DeductArgument, xdr.ScVal> = {
    ...itemValues(terms),
    caller: new Address(terms.caller).toScVal(),
    max_fee_bps: nativeToScVal(vault.maxFeeBps, { type: "u32" }),
  };
  return vault.deductOrder.map((name) => values[name]);
}

function batchArguments(
  caller: string,
  charges: readonly ChargeTerms[],
  vault: VaultInterface,
): xdr.ScVal[] {
  const values: Record<BatchArgument, xdr.ScVal> = {
    caller: new Address(caller).toScVal(),
    items: xdr.ScVal.scvVec(charges.map(batchItem)),
  };
  return vault.batchOrder.map((name) => values[name]);
}

/** A struct is a map whose keys are in order. */
function batchItem(terms: ChargeTerms): xdr.ScVal {
  const entries = Object.entries(itemValues(terms)).map(
    ([name, val]) => new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol(name), val }),
  );
  return xdr.ScVal.scvMap(entries);
}

function itemValues(terms: ChargeTerms) {
  return {
    amount: nativeToScVal(terms.amountStroops, { type: "i128" }),
    developer: new Address(terms.payee).toScVal(),
    request_id: xdr.ScVal.scvSymbol(terms.marker),
  };
}

/** An operation that calls a contract. */
export function invokeOperation(call: {
  readonly contractId: string;
  readonly functionName: string;
  readonly args: readonly xdr.ScVal[];
  readonly source?: string;
  readonly auth?: readonly xdr.SorobanAuthorizationEntry[];
}): xdr.Operation {
  return Operation.invokeContractFunction({
    contract: call.contractId,
    function: call.functionName,
    args: [...call.args],
    ...(call.auth && { auth: [...call.auth] }),
    ...(call.source !== undefined && { source: call.source }),
  });
}
