import { xdr } from "@stellar/stellar-sdk/base";

/** The numbers of the vault contract's errors that the engine acts on. */
export const VAULT_ERROR = { insufficientBalance: 5, duplicateRequestId: 29 } as const;

/**
 * The contract's error number among diagnostic events: the last `error` topic that carries one, as
 * the host emits the innermost first.
 */
export function contractErrorOf(events: readonly xdr.DiagnosticEvent[]): number | undefined {
  for (const { event } of events.toReversed()) {
    for (const topic of event.body.v0.topics) {
      if (topic.type === "scvError" && topic.error.type === "sceContract") {
        return topic.error.contractCode;
      }
    }
  }
  return undefined;
}

/** As `contractErrorOf`, over base64 events; those that cannot be decoded are passed over. */
export function contractErrorOfXdr(events: readonly string[]): number | undefined {
  const decoded: xdr.DiagnosticEvent[] = [];
  for (const event of events) {
    try {
      decoded.push(xdr.DiagnosticEvent.fromXdr(event, "base64"));
    } catch {
      // An event of a newer protocol: the others still count.
    }
  }
  return contractErrorOf(decoded);
}
