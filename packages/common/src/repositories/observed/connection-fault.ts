import type { ConnectionFault } from "../../observability/database/driver-observer.ts";

/**
 * The one list of codes by which a database is away. Not on it: 57014, a statement that took too long.
 * Its own data may be why, and who takes it for an outage repeats it for ever.
 */
const BY_CODE: Readonly<Record<string, ConnectionFault>> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "refused",
  EAI_AGAIN: "refused",
  EHOSTDOWN: "refused",
  EHOSTUNREACH: "refused",
  ENETDOWN: "refused",
  ENETUNREACH: "refused",
  ETIMEDOUT: "connect_timeout",
  ECONNRESET: "broken",
  EPIPE: "broken",
  // Read-only: the server follows another by now, which a new connection finds.
  "25006": "broken",
  // No such database: it is being restored.
  "3D000": "refused",
  "53300": "too_many",
  // Shut down by an administrator, by a crash; cannot connect now.
  "57P01": "broken",
  "57P02": "broken",
  "57P03": "refused",
};

/** Why there was no connection, or one was lost; `other`: there is nothing wrong with it. */
export function connectionFaultOf(error: unknown): ConnectionFault {
  const { code, message = "" } = error as { code?: unknown; message?: string };
  // An aborted call has a number.
  if (typeof code === "string") {
    // Invalid authorisation: the password, or a login that may not connect.
    if (code.startsWith("28")) return "login";
    return BY_CODE[code] ?? (code.startsWith("08") ? "broken" : "other");
  }
  // pg raises these without a code.
  if (message.startsWith("timeout exceeded when trying to connect")) return "acquire_timeout";
  if (message.includes("connection timeout")) return "connect_timeout";
  if (message.startsWith("Connection terminated")) return "broken";
  if (message.startsWith("Client has encountered a connection error")) return "broken";
  return "other";
}
