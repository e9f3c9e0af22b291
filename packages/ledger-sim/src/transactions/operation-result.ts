import { xdr } from "@stellar/stellar-sdk";

const tr = xdr.OperationResultTr;

function inner(result: xdr.OperationResultTr): xdr.OperationResult {
  return xdr.OperationResult.opInner(result);
}

type CreateAccountCode = "Success" | "Malformed" | "Underfunded" | "LowReserve" | "AlreadyExist";
type PaymentCode = "Success" | "Malformed" | "Underfunded" | "NoDestination" | "NoTrust";
type InvokeCode =
  | "Malformed"
  | "Trapped"
  | "ResourceLimitExceeded"
  | "EntryArchived"
  | "InsufficientRefundableFee";
type FootprintCode =
  | "Success"
  | "Malformed"
  | "ResourceLimitExceeded"
  | "InsufficientRefundableFee";

export function createAccountResult(code: CreateAccountCode): xdr.OperationResult {
  return inner(tr.createAccount(xdr.CreateAccountResult[`createAccount${code}`]()));
}

export function paymentResult(code: PaymentCode): xdr.OperationResult {
  return inner(tr.payment(xdr.PaymentResult[`payment${code}`]()));
}

/** `hash`: SHA-256 of the return value and the events. */
export function invokeSuccess(hash: Uint8Array): xdr.OperationResult {
  return inner(tr.invokeHostFunction(xdr.InvokeHostFunctionResult.invokeHostFunctionSuccess(hash)));
}

export function invokeFailure(code: InvokeCode): xdr.OperationResult {
  return inner(tr.invokeHostFunction(xdr.InvokeHostFunctionResult[`invokeHostFunction${code}`]()));
}

export function restoreResult(code: FootprintCode): xdr.OperationResult {
  return inner(tr.restoreFootprint(xdr.RestoreFootprintResult[`restoreFootprint${code}`]()));
}

export function extendResult(code: FootprintCode): xdr.OperationResult {
  return inner(tr.extendFootprintTtl(xdr.ExtendFootprintTtlResult[`extendFootprintTtl${code}`]()));
}
