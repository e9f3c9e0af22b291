import { StrKey, type xdr } from "@stellar/stellar-sdk";

/** The address of a contract, or the empty string for an event without one. */
export function addressOf(contractId: xdr.ContractId | null): string {
  return contractId ? StrKey.encodeContract(contractId.toBytes()) : "";
}
