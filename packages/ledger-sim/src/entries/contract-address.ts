import type { xdr } from "@stellar/stellar-sdk";
import { contractIdText } from "./entry.ts";

/** The address of a contract, or the empty string for an event without one. */
export function addressOf(contractId: xdr.ContractId | null): string {
  return contractId ? contractIdText(contractId) : "";
}
