import { Address, scValToNative, xdr } from "@stellar/stellar-sdk/base";
import type { ChargeTerms } from "../outcome/decide-adoption.ts";
import type { VaultInterface } from "./vault-call.ts";

/**
 * The charge with this marker in a transaction that called a vault, alone or in a batch.
 * Undefined when the envelope holds no such call, or cannot be read.
 */
export function decodeCharge(
  envelopeXdr: string,
  marker: string,
  vault: VaultInterface,
): ChargeTerms | undefined {
  try {
    const transaction = innerTransaction(xdr.TransactionEnvelope.fromXdr(envelopeXdr, "base64"));
    const [operation] = transaction?.operations ?? [];
    if (operation?.body.type !== "invokeHostFunction") return undefined;
    const { hostFunction } = operation.body.value;
    if (hostFunction.type !== "hostFunctionTypeInvokeContract") return undefined;
    const call = hostFunction.value;
    const vaultContractId = Address.fromScAddress(call.contractAddress).toString();
    const args = call.args.map((arg) => scValToNative(arg) as unknown);
    const functionName = String(call.functionName);
    const items = functionName === "deduct" ? [deductItem(args, vault)] : batchItems(args, vault);
    const item = items.find((candidate) => candidate.marker === marker);
    return item && { vaultContractId, ...item };
  } catch {
    return undefined;
  }
}

type ChargeItem = Omit<ChargeTerms, "vaultContractId">;

function deductItem(args: readonly unknown[], vault: VaultInterface): ChargeItem {
  const argument = (name: VaultInterface["deductOrder"][number]) =>
    args[vault.deductOrder.indexOf(name)];
  return {
    caller: String(argument("caller")),
    amountStroops: argument("amount") as bigint,
    marker: String(argument("request_id")),
    payee: String(argument("developer")),
  };
}

function batchItems(args: readonly unknown[], vault: VaultInterface): ChargeItem[] {
  const caller = args[vault.batchOrder.indexOf("caller")];
  const items = args[vault.batchOrder.indexOf("items")];
  return (items as Record<string, unknown>[]).map((item) => ({
    caller: String(caller),
    amountStroops: item.amount as bigint,
    marker: String(item.request_id),
    payee: String(item.developer),
  }));
}

function innerTransaction(envelope: xdr.TransactionEnvelope): xdr.Transaction | undefined {
  if (envelope.type === "envelopeTypeTx") return envelope.v1.tx;
  if (envelope.type !== "envelopeTypeTxFeeBump") return undefined;
  return envelope.feeBump.tx.innerTx.v1.tx;
}
