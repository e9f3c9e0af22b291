import { xdr } from "@stellar/stellar-sdk";
import type { ReceivedTransaction } from "./envelope.ts";
import type { Verdict } from "./outcome.ts";

/** The result as the network answers it; a fee bump wraps what befell the inner transaction. */
export function transactionResult(
  tx: ReceivedTransaction,
  verdict: Verdict,
  feeChargedStroops: bigint,
): xdr.TransactionResult {
  return new xdr.TransactionResult({
    feeCharged: feeChargedStroops,
    result: tx.feeBump && !verdict.isOuter ? wrapInner(tx, verdict) : plainResult(verdict),
    ext: xdr.TransactionResultExt.v0(),
  });
}

function plainResult(verdict: Verdict): xdr.TransactionResultResult {
  if (verdict.code === "txSuccess" || verdict.code === "txFailed") {
    return xdr.TransactionResultResult[verdict.code]([...(verdict.operations ?? [])]);
  }
  return xdr.TransactionResultResult[verdict.code]();
}

function wrapInner(tx: ReceivedTransaction, verdict: Verdict): xdr.TransactionResultResult {
  const result =
    verdict.code === "txSuccess" || verdict.code === "txFailed"
      ? xdr.InnerTransactionResultResult[verdict.code]([...(verdict.operations ?? [])])
      : xdr.InnerTransactionResultResult[verdict.code]();
  const pair = new xdr.InnerTransactionResultPair({
    transactionHash: Buffer.from(tx.innerHash, "hex"),
    result: new xdr.InnerTransactionResult({
      feeCharged: 0n,
      result,
      ext: xdr.InnerTransactionResultExt.v0(),
    }),
  });
  return verdict.code === "txSuccess"
    ? xdr.TransactionResultResult.txFeeBumpInnerSuccess(pair)
    : xdr.TransactionResultResult.txFeeBumpInnerFailed(pair);
}
