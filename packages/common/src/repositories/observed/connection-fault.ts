import type { ConnectionFault } from "../../observability/database/driver-observer.ts";

const BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  ETIMEDOUT: "connect_timeout",
  ECONNRESET: "broken",
  EPIPE: "broken",
  "53300": "too_many",
  "57P01": "broken",
  "57P02": "broken",
  "57P03": "refused",
};

/** Why `connect` of a pool failed. */
export function connectionFaultOf(error: unknown): ConnectionFault {
  const { code, message = "" } = error as { code?: string; message?: string };
  if (code !== undefined) {
    // Invalid authorisation: the password, or a login that may not connect.
    if (code.startsWith("28")) return "login";
    return BY_CODE[code] ?? (code.startsWith("08") ? "broken" : "other");
  }
  // pg raises these without a code.
  if (message.startsWith("timeout exceeded when trying to connect")) return "acquire_timeout";
  if (message.includes("connection timeout")) return "connect_timeout";
  if (message.startsWith("Connection terminated")) return "broken";
  return "other";
}
