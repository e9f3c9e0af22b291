import { JsonRpcError } from "../json-rpc.ts";
import { decodeEnvelope, type ReceivedTransaction } from "../transactions/envelope.ts";
import type { Verdict } from "../transactions/outcome.ts";
import { transactionResult } from "../transactions/result-xdr.ts";
import type { Method, MethodContext } from "./method.ts";
import { decodeTransactionParam, requireBase64Format } from "./transaction-param.ts";

/** The connection breaks before the caller hears anything; only the transport can act it out. */
export class AnswerLost extends JsonRpcError {
  constructor() {
    super(-32_000, "the answer is lost");
  }
}

/** Offers a transaction to the queue. Sending the same bytes again is always safe. */
export const sendTransaction: Method = (params, context) => {
  requireBase64Format(params);
  const { ledger, faults } = context;
  const tx = decodeTransactionParam(params, (text) => decodeEnvelope(text, ledger.networkId));
  if (faults.take("lostBeforeAccept")) throw new AnswerLost();
  if (faults.take("tryAgainLater")) return answer("TRY_AGAIN_LATER", tx, context);
  const submission = ledger.submit(tx);
  if (submission.status === "PENDING" && faults.take("lostAfterAccept")) throw new AnswerLost();
  return submission.status === "ERROR"
    ? { ...answer("ERROR", tx, context), errorResultXdr: errorResult(tx, submission.verdict) }
    : answer(submission.status, tx, context);
};

function answer(status: string, tx: ReceivedTransaction, { ledger }: MethodContext) {
  const { sequence, closeTime } = ledger.latest;
  return {
    status,
    hash: tx.hash,
    latestLedger: sequence,
    latestLedgerCloseTime: String(closeTime),
  };
}

function errorResult(tx: ReceivedTransaction, verdict: Verdict): string {
  return transactionResult(tx, verdict, verdict.feeStroops ?? 0n).toXdr("base64");
}
