import { xdr } from "@stellar/stellar-sdk";

type ErrorType = "WasmVm" | "Storage" | "Auth" | "Value" | "Context" | "Budget";
type ErrorCode =
  | "MissingValue"
  | "ExceededLimit"
  | "InvalidAction"
  | "InvalidInput"
  | "UnexpectedType"
  | "UnexpectedSize";

/** A contract call that the host stops: by the contract's own error or by one of the host's. */
export class HostError extends Error {
  readonly scError: xdr.ScError;
  readonly reason: string;

  private constructor(label: string, scError: xdr.ScError, reason: string) {
    // A refusal is an answer, not a fault: nobody reads its stack, which takes longer than the call.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`HostError: Error(${label})`);
    Error.stackTraceLimit = stackTraceLimit;
    this.scError = scError;
    this.reason = reason;
  }

  static contract(code: number, reason: string): HostError {
    return new HostError(`Contract, #${code}`, xdr.ScError.sceContract(code), reason);
  }

  static host(type: ErrorType, code: ErrorCode, reason: string): HostError {
    const scError = xdr.ScError[`sce${type}`](xdr.ScErrorCode.fromName(`scec${code}`));
    return new HostError(`${type}, ${code}`, scError, reason);
  }

  get label(): string {
    return this.message.replace("HostError: ", "");
  }
}
