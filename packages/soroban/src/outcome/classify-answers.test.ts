import { nativeToScVal, xdr } from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import { RpcError } from "../rpc/rpc-error.ts";
import { classifySendAnswer } from "./classify-send-answer.ts";
import { classifySimulation } from "./classify-simulation.ts";
import { classifyTransactionAnswer } from "./classify-transaction-answer.ts";

const resultXdr = (result: xdr.TransactionResultResult) =>
  new xdr.TransactionResult({
    feeCharged: 100n,
    result,
    ext: xdr.TransactionResultExt.fromXdr(new Uint8Array(4)),
  }).toXdr("base64");

const sendError = (result: xdr.TransactionResultResult) =>
  classifySendAnswer({ status: "ERROR", latestLedger: 9, errorResultXdr: resultXdr(result) });

function contractErrorEvent(code: number): string {
  const topics = [
    nativeToScVal("error", { type: "symbol" }),
    xdr.ScVal.scvError(xdr.ScError.sceContract(code)),
  ];
  const body = xdr.ContractEventBody.v0(
    new xdr.ContractEventV0({ topics, data: xdr.ScVal.scvVoid() }),
  );
  const event = new xdr.ContractEvent({
    ext: xdr.ExtensionPoint.fromXdr(new Uint8Array(4)),
    contractId: null,
    type: xdr.ContractEventType.diagnostic,
    body,
  });
  return new xdr.DiagnosticEvent({ inSuccessfulContractCall: false, event }).toXdr("base64");
}

describe("classifySendAnswer", () => {
  const kindOf = (status: "PENDING" | "DUPLICATE" | "TRY_AGAIN_LATER" | "ERROR") =>
    classifySendAnswer({ status, latestLedger: 9 }).kind;

  it("takes no answer for a failure", () => {
    expect(kindOf("PENDING")).toBe("queued");
    expect(kindOf("DUPLICATE")).toBe("queued");
    expect(kindOf("TRY_AGAIN_LATER")).toBe("retry");
    expect(kindOf("ERROR")).toBe("retry");
    for (const kind of ["timeout", "network", "http", "json_rpc", "malformed"] as const) {
      expect(classifySendAnswer(new RpcError(kind, "sendTransaction")).kind).toBe("retry");
    }
  });

  it("takes a used sequence for what may be our own earlier success", () => {
    expect(sendError(xdr.TransactionResultResult.txBadSeq()).kind).toBe("sequence_used");
  });

  it("tells bytes that can never be applied from those that may", () => {
    expect(sendError(xdr.TransactionResultResult.txBadAuth())).toEqual({
      kind: "permanent",
      code: "txBadAuth",
    });
    expect(sendError(xdr.TransactionResultResult.txNoAccount()).kind).toBe("permanent");
    expect(sendError(xdr.TransactionResultResult.txInsufficientFee()).kind).toBe("fee_too_low");
    expect(sendError(xdr.TransactionResultResult.txTooLate()).kind).toBe("retry");
  });

  it("takes a bump's own faults for nothing that the transaction in it has done", () => {
    const answer = (result: xdr.TransactionResultResult) =>
      ({ status: "ERROR", latestLedger: 9, errorResultXdr: resultXdr(result) }) as const;
    const outer = answer(xdr.TransactionResultResult.txBadAuth());
    expect(classifySendAnswer(outer, true).kind).toBe("retry");
    expect(classifySendAnswer(outer).kind).toBe("permanent");
    const poor = answer(xdr.TransactionResultResult.txInsufficientBalance());
    expect(classifySendAnswer(poor).kind).toBe("fee_too_low");
  });

  it("survives a result that it cannot decode", () => {
    const answer = { status: "ERROR", latestLedger: 9, errorResultXdr: "????" } as const;
    expect(classifySendAnswer(answer).kind).toBe("retry");
  });
});

describe("classifyTransactionAnswer", () => {
  const range = { latestLedger: 120, oldestLedger: 3 };

  it("takes a success for one, although its return value cannot be decoded", () => {
    const answer = { ...range, status: "SUCCESS", ledger: 101, resultMetaXdr: "????" } as const;
    expect(classifyTransactionAnswer(answer)).toEqual({ kind: "success", ledger: 101 });
  });

  it("gives the range of an answer that found nothing", () => {
    expect(classifyTransactionAnswer({ ...range, status: "NOT_FOUND" })).toEqual({
      kind: "not_found",
      ...range,
    });
  });

  it("finds the contract's number of a failure in its diagnostic events", () => {
    const trapped = xdr.OperationResult.opInner(
      xdr.OperationResultTr.invokeHostFunction(
        xdr.InvokeHostFunctionResult.invokeHostFunctionTrapped(),
      ),
    );
    const verdict = classifyTransactionAnswer({
      ...range,
      status: "FAILED",
      ledger: 101,
      resultXdr: resultXdr(xdr.TransactionResultResult.txFailed([trapped])),
      diagnosticEventsXdr: [contractErrorEvent(36)],
    });
    expect(verdict).toEqual({
      kind: "failed",
      ledger: 101,
      code: "invokeHostFunctionTrapped",
      contractError: 36,
    });
  });

  it("finds the number in the meta where a server puts it there, and none in what it cannot read", () => {
    const failed = { ...range, status: "FAILED", ledger: 101 } as const;
    for (const field of ["diagnosticEventsXdr", "resultMetaXdr"] as const) {
      const broken = field === "resultMetaXdr" ? "????" : ["????"];
      const verdict = classifyTransactionAnswer({ ...failed, [field]: broken });
      expect(verdict).toEqual({ kind: "failed", ledger: 101, code: "unreadable" });
    }
    const diagnosticEvents = [xdr.DiagnosticEvent.fromXdr(contractErrorEvent(7), "base64")];
    const meta = xdr.TransactionMeta.v4(
      new xdr.TransactionMetaV4({
        ext: xdr.ExtensionPoint.fromXdr(new Uint8Array(4)),
        txChangesBefore: [],
        operations: [],
        txChangesAfter: [],
        sorobanMeta: null,
        events: [],
        diagnosticEvents,
      }),
    );
    const verdict = classifyTransactionAnswer({ ...failed, resultMetaXdr: meta.toXdr("base64") });
    expect(verdict).toMatchObject({ contractError: 7 });
    const success = { ...range, status: "SUCCESS", resultMetaXdr: meta.toXdr("base64") } as const;
    expect(classifyTransactionAnswer(success)).toEqual({ kind: "success", ledger: 120 });
  });

  it("finds both in the meta of an older protocol too", () => {
    const diagnosticEvents = [xdr.DiagnosticEvent.fromXdr(contractErrorEvent(7), "base64")];
    const metaOf = (sorobanMeta: xdr.SorobanTransactionMeta | null) =>
      xdr.TransactionMeta.v3(
        new xdr.TransactionMetaV3({
          ext: xdr.ExtensionPoint.fromXdr(new Uint8Array(4)),
          txChangesBefore: [],
          operations: [],
          txChangesAfter: [],
          sorobanMeta,
        }),
      ).toXdr("base64");
    const sorobanMeta = new xdr.SorobanTransactionMeta({
      ext: xdr.SorobanTransactionMetaExt.fromXdr(new Uint8Array(4)),
      events: [],
      returnValue: nativeToScVal(9n, { type: "i128" }),
      diagnosticEvents,
    });
    const answered = (status: "SUCCESS" | "FAILED", resultMetaXdr: string) =>
      classifyTransactionAnswer({ ...range, status, ledger: 101, resultMetaXdr });
    expect(answered("SUCCESS", metaOf(sorobanMeta))).toMatchObject({ returnValue: "9" });
    expect(answered("FAILED", metaOf(sorobanMeta))).toMatchObject({ contractError: 7 });
    const bare = { kind: "failed", ledger: 101, code: "unreadable" };
    expect(answered("FAILED", metaOf(null))).toEqual(bare);
  });

  it("reads nothing out of a meta that is from before contracts", () => {
    const resultMetaXdr = xdr.TransactionMeta.v2(
      new xdr.TransactionMetaV2({ txChangesBefore: [], operations: [], txChangesAfter: [] }),
    ).toXdr("base64");
    const answer = { ...range, ledger: 101, resultMetaXdr } as const;
    expect(classifyTransactionAnswer({ ...answer, status: "SUCCESS" })).toEqual({
      kind: "success",
      ledger: 101,
    });
    expect(classifyTransactionAnswer({ ...answer, status: "FAILED" })).toEqual({
      kind: "failed",
      ledger: 101,
      code: "unreadable",
    });
  });

  it("gives a number that the contract returned, and no other value", () => {
    const returned = (returnValue: xdr.ScVal) => {
      const meta = new xdr.TransactionMetaV4({
        ext: xdr.ExtensionPoint.fromXdr(new Uint8Array(4)),
        txChangesBefore: [],
        operations: [],
        txChangesAfter: [],
        sorobanMeta: new xdr.SorobanTransactionMetaV2({
          ext: xdr.SorobanTransactionMetaExt.fromXdr(new Uint8Array(4)),
          returnValue,
        }),
        events: [],
        diagnosticEvents: [],
      });
      const resultMetaXdr = xdr.TransactionMeta.v4(meta).toXdr("base64");
      return classifyTransactionAnswer({ ...range, status: "SUCCESS", ledger: 101, resultMetaXdr });
    };
    expect(returned(nativeToScVal(-3n, { type: "i128" }))).toMatchObject({ returnValue: "-3" });
    expect(returned(nativeToScVal(3, { type: "u32" }))).toMatchObject({ returnValue: "3" });
    expect(returned(nativeToScVal(true))).toEqual({ kind: "success", ledger: 101 });
  });

  it("names the result of a transaction that failed as a whole, bumped or not", () => {
    const failed = { ...range, status: "FAILED", ledger: 101 } as const;
    const codeOf = (result: xdr.TransactionResultResult) =>
      classifyTransactionAnswer({ ...failed, resultXdr: resultXdr(result) });
    expect(codeOf(xdr.TransactionResultResult.txInsufficientFee())).toMatchObject({
      code: "txInsufficientFee",
    });
    const bad = xdr.TransactionResultResult.txFailed([xdr.OperationResult.opBadAuth()]);
    expect(codeOf(bad)).toMatchObject({ code: "opBadAuth" });
    const empty = xdr.TransactionResultResult.txFailed([]);
    expect(codeOf(empty)).toMatchObject({ code: "txFailed" });
    const inner = new xdr.InnerTransactionResult({
      feeCharged: 0n,
      result: xdr.InnerTransactionResultResult.txBadSeq(),
      ext: xdr.InnerTransactionResultExt.fromXdr(new Uint8Array(4)),
    });
    const pair = new xdr.InnerTransactionResultPair({
      transactionHash: new Uint8Array(32),
      result: inner,
    });
    const bumped = xdr.TransactionResultResult.txFeeBumpInnerFailed(pair);
    expect(codeOf(bumped)).toMatchObject({ code: "txBadSeq" });
    const sent = { status: "ERROR", latestLedger: 9, errorResultXdr: resultXdr(bumped) } as const;
    expect(classifySendAnswer(sent, true).kind).toBe("sequence_used");
  });

  it("keeps a failure that it cannot read a failure without a number", () => {
    const verdict = classifyTransactionAnswer({ ...range, status: "FAILED", ledger: 101 });
    expect(verdict).toEqual({ kind: "failed", ledger: 101, code: "unreadable" });
  });
});

describe("classifySimulation", () => {
  const latestLedger = 50;

  it("finds the contract's number in events, and in the text where there are none", () => {
    const error = "HostError: Error(WasmVm, InvalidAction)";
    const events = [contractErrorEvent(29)];
    const expected = { kind: "contract_error", ledger: 50, contractError: 29 };
    expect(classifySimulation({ latestLedger, error, events })).toEqual(expected);
    const text = "HostError: Error(Contract, #29)\n\nEvent log";
    expect(classifySimulation({ latestLedger, error: text })).toEqual(expected);
  });

  it("tells a missing contract or function from another refusal of the host", () => {
    const kindOf = (error: string) => classifySimulation({ latestLedger, error }).kind;
    expect(kindOf("HostError: Error(Storage, MissingValue)")).toBe("missing");
    expect(kindOf("HostError: Error(WasmVm, MissingValue)")).toBe("missing");
    expect(kindOf("HostError: Error(Budget, ExceededLimit)")).toBe("host_error");
  });

  it("keeps the value of a call whose entries are archived", () => {
    const verdict = classifySimulation({
      latestLedger,
      results: [{ xdr: "AAAA" }],
      transactionData: "AAAA",
      restorePreamble: { minResourceFee: "1", transactionData: "AAAA" },
    });
    expect(verdict).toEqual({
      kind: "archived",
      ledger: 50,
      restoreData: "AAAA",
      returnValueXdr: "AAAA",
    });
  });
});
