import type {
  UnknownDecision,
  UnknownSubmission,
} from "@orrery/common/repositories/reconciliation/operator-repository";
import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { decodeCharge } from "@orrery/soroban/vault/decode-charge";
import { findOriginalCharge } from "@orrery/soroban/vault/find-original-charge";
import { DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import { createVaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";

/**
 * What the network still remembers against an operator's decision; undefined when it does not
 * contradict it. @throws {RpcError}
 */
export async function findContradiction(
  rpc: SorobanRpc,
  unknown: UnknownSubmission,
  decision: UnknownDecision,
): Promise<string | undefined> {
  const { vaultContractId, marker } = unknown;
  const vault = await createVaultInterfaces(rpc, DEFAULT_VAULT_INTERFACE).of(vaultContractId);
  const wanted = { vaultContractId, marker, caller: "" };
  const original = await findOriginalCharge(rpc, wanted, vault);
  if (decision.state === "failed") {
    if (original.kind === "absent") return undefined;
    return `cannot be failed: transaction ${original.txHash} charged its marker`;
  }
  const { txHash, ledger } = decision;
  if (txHash === undefined || ledger === undefined) return undefined;
  const answer = await rpc.getTransaction(txHash);
  if (answer.status === "NOT_FOUND") {
    const isKept = ledger >= answer.oldestLedger && ledger <= answer.latestLedger;
    return isKept
      ? `cannot be confirmed: ledger ${ledger} has no transaction ${txHash}`
      : undefined;
  }
  if (answer.status === "FAILED") return `cannot be confirmed: transaction ${txHash} failed`;
  if (answer.ledger !== ledger) return `cannot be confirmed: it is in ledger ${answer.ledger}`;
  const charge = decodeCharge(answer.envelopeXdr ?? "", marker, vault);
  const isThis =
    charge?.vaultContractId === vaultContractId &&
    charge.amountStroops === unknown.amountStroops &&
    charge.payee === unknown.payee;
  return isThis ? undefined : `cannot be confirmed: transaction ${txHash} is another charge`;
}
