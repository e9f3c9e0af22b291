import { xdr } from "@stellar/stellar-sdk/base";
import type { SimulationAnswer, SorobanRpc } from "../../src/rpc/soroban-rpc.ts";

/** A server that wants the vault's instance restored before anything is charged. */
export class ArchivingRpc {
  readonly rpc: SorobanRpc;
  /** The restorations that the network has taken; it wants none after the first. */
  restorations: string[] = [];

  constructor(inner: SorobanRpc) {
    this.rpc = {
      ...inner,
      simulateTransaction: async (envelope) => {
        const answer = await inner.simulateTransaction(envelope);
        const isCharge = Buffer.from(envelope, "base64").includes("deduct");
        return isCharge && this.restorations.length === 0 ? archived(answer) : answer;
      },
      sendTransaction: async (envelope) => {
        const answer = await inner.sendTransaction(envelope);
        if (operationOf(envelope) === "restoreFootprint" && answer.status === "PENDING") {
          this.restorations.push(envelope);
        }
        return answer;
      },
    };
  }
}

function operationOf(envelope: string): string | undefined {
  const decoded = xdr.TransactionEnvelope.fromXdr(envelope, "base64");
  return decoded.type === "envelopeTypeTx" ? decoded.v1.tx.operations[0]?.body.type : undefined;
}

function archived(answer: SimulationAnswer): SimulationAnswer {
  const data = xdr.SorobanTransactionData.fromXdr(answer.transactionData ?? "", "base64");
  const { readOnly, readWrite } = data.resources.footprint;
  const instance = [...readOnly, ...readWrite].filter(
    (key) =>
      key.type === "contractData" && key.contractData.key.type === "scvLedgerKeyContractInstance",
  );
  const resources = new xdr.SorobanResources({
    footprint: new xdr.LedgerFootprint({ readOnly: [], readWrite: instance }),
    instructions: 0,
    diskReadBytes: 2_000,
    writeBytes: 2_000,
  });
  const { ext, resourceFee } = data;
  const restore = new xdr.SorobanTransactionData({ ext, resources, resourceFee });
  const restorePreamble = { minResourceFee: "1", transactionData: restore.toXdr("base64") };
  return { ...answer, restorePreamble };
}
