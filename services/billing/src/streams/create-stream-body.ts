import { type FieldError, ProblemError } from "@orrery/common/contracts/errors";
import { uuidv7 } from "@orrery/common/contracts/id";
import { MAX_AMOUNT_STROOPS, parseUsdc } from "@orrery/common/contracts/money";
import type { NewStream } from "@orrery/common/repositories/stream/stream";
import type { Static } from "typebox";
import { assertAddress } from "../stellar-address.ts";
import type { CreateStreamBody } from "./streams.schemas.ts";

/** @throws {ProblemError} invalid_request for an amount or an address that cannot be */
export function newStreamOf(body: Static<typeof CreateStreamBody>): NewStream {
  assertAddress(body.recipient, "#/recipient");
  const ratePerSecondStroops = BigInt(body.ratePerSecondStroops);
  const totalStroops = parseUsdc(body.totalAmountUsdc);
  if (ratePerSecondStroops > MAX_AMOUNT_STROOPS) {
    throw invalid({ pointer: "#/ratePerSecondStroops", detail: "must be at most 2^63−1" });
  }
  if (totalStroops === undefined || totalStroops === 0n) {
    const detail =
      totalStroops === 0n ? "must be more than 0" : "must be at most 922337203685.4775807";
    throw invalid({ pointer: "#/totalAmountUsdc", detail });
  }
  return {
    id: body.id ?? uuidv7(),
    senderUserId: body.senderUserId,
    recipient: body.recipient,
    token: body.token ?? "USDC",
    ratePerSecondStroops,
    totalStroops,
  };
}

function invalid(fault: FieldError): ProblemError {
  return new ProblemError("invalid_request", "The body is not valid.", { errors: [fault] });
}
