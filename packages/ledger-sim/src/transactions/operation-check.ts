import { xdr } from "@stellar/stellar-sdk";
import { accountIdOf } from "../entries/entry.ts";
import { createAccountResult, invokeFailure, paymentResult } from "./operation-result.ts";

/** Finds what is wrong with an operation whatever the state is; nothing when it is well formed. */
export function checkOperation(
  operation: xdr.Operation,
  sourceId: string,
): xdr.OperationResult | undefined {
  const { body } = operation;
  switch (body.type) {
    case "createAccount": {
      const { destination, startingBalance } = body.createAccountOp;
      const isMalformed = startingBalance < 0n || accountIdOf(destination) === sourceId;
      return isMalformed ? createAccountResult("Malformed") : undefined;
    }
    case "payment": {
      const { asset, amount } = body.paymentOp;
      if (amount <= 0n) return paymentResult("Malformed");
      return asset.type === "assetTypeNative" ? undefined : paymentResult("NoTrust");
    }
    case "invokeHostFunction": {
      const { hostFunction } = body.invokeHostFunctionOp;
      if (hostFunction.type !== "hostFunctionTypeInvokeContract") {
        return xdr.OperationResult.opNotSupported();
      }
      const isContract =
        hostFunction.invokeContract.contractAddress.type === "scAddressTypeContract";
      return isContract ? undefined : invokeFailure("Malformed");
    }
    case "restoreFootprint":
    case "extendFootprintTtl":
      return undefined;
    default:
      return xdr.OperationResult.opNotSupported();
  }
}
