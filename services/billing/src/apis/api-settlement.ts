import { ProblemError } from "@orrery/common/contracts/errors";
import { formatUsdc, parseUsdc } from "@orrery/common/contracts/money";
import type { SettlementTerms } from "@orrery/common/repositories/settlement/settlement";

/** How an API settles, as the wire says it. */
interface SettlementFields {
  settlement?: SettlementTerms["mode"];
  settleEverySeconds?: number;
  settleAtUsdc?: string;
}

const DEFAULT_EVERY_SECONDS = 60;

/** @throws {ProblemError} invalid_request for what only aggregated APIs have, and for 0 USDC */
export function settlementTermsOf(fields: SettlementFields): SettlementTerms {
  const { settlement = "per_request", settleEverySeconds, settleAtUsdc } = fields;
  if (settlement === "per_request") {
    const isMeant = "is of APIs that settle aggregated";
    if (settleEverySeconds !== undefined) throw invalid("#/settleEverySeconds", isMeant);
    if (settleAtUsdc !== undefined) throw invalid("#/settleAtUsdc", isMeant);
    return { mode: "per_request" };
  }
  const everySeconds = settleEverySeconds ?? DEFAULT_EVERY_SECONDS;
  if (settleAtUsdc === undefined) return { mode: "aggregated", everySeconds };
  const atStroops = parseUsdc(settleAtUsdc);
  if (atStroops === undefined || atStroops === 0n) {
    throw invalid(
      "#/settleAtUsdc",
      atStroops === 0n ? "must be more than 0" : "must be at most 922337203685.4775807",
    );
  }
  return { mode: "aggregated", everySeconds, atStroops };
}

/** The terms as the wire says them. */
export function settlementFields(terms: SettlementTerms) {
  if (terms.mode === "per_request") return { settlement: terms.mode };
  return {
    settlement: terms.mode,
    settleEverySeconds: terms.everySeconds,
    ...(terms.atStroops === undefined ? {} : { settleAtUsdc: formatUsdc(terms.atStroops) }),
  };
}

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError("invalid_request", "The body is not valid.", {
    errors: [{ pointer, detail }],
  });
}
