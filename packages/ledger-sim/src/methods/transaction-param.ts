import { invalidParams, type Params } from "../json-rpc.ts";
import { EnvelopeError } from "../transactions/envelope.ts";

/** Refuses the answer formats that the simulator does not speak: everything is base64 XDR. */
export function requireBase64Format({ xdrFormat }: Params): void {
  if (xdrFormat !== undefined && xdrFormat !== "" && xdrFormat !== "base64") {
    throw invalidParams("xdrFormat must be base64");
  }
}

/** Reads the `transaction` parameter with `decode`; what does not decode is the caller's error. */
export function decodeTransactionParam<T>(
  { transaction }: Params,
  decode: (envelopeXdr: string) => T,
): T {
  if (typeof transaction !== "string") throw invalidParams("transaction must be base64 XDR");
  try {
    return decode(transaction);
  } catch (error) {
    if (error instanceof EnvelopeError) throw invalidParams(`invalid_xdr: ${error.message}`);
    throw error;
  }
}
